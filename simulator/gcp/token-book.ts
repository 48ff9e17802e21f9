import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { SimAccount, SimCore } from "../model";

/** Who a Google access token stands for. A federated principal may only impersonate; a service account may read its project. */
export interface GooglePrincipal {
  name: string;
  projectId: string;
  kind: "federated" | "service-account";
  /** Whether its token reveals the e-mail address: else GKE knows it by a number. */
  revealed?: boolean;
}

export const TOKEN_SECONDS = 3600;
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

export const serviceAccountOf = (account: Pick<SimAccount, "id">): string =>
  `seawall-reader@${account.id}.iam.gserviceaccount.com`;

/** The unique id of a project's service account: 21 digits. */
export const uniqueIdOf = (core: SimCore, projectId: string): string =>
  `1${BigInt(`0x${core.secret(`gcp-unique-id/${projectId}`).slice(0, 16)}`)}`.padEnd(21, "0").slice(0, 21);

/** Project number, a function of the project id. */
const projectNumber = (core: SimCore, id: string): string =>
  String(BigInt(`0x${core.secret(`gcp-number/${id}`).slice(0, 9)}`) + 100_000_000_000n);

export const audienceOf = (core: SimCore, account: Pick<SimAccount, "id">): string =>
  `//iam.googleapis.com/projects/${projectNumber(core, account.id)}/locations/global/workloadIdentityPools/seawall/providers/seawall`;

const signature = (core: SimCore, text: string) =>
  createHmac("sha256", core.secret("gcp-subject-issuer")).update(text).digest();

/** The identity token of the workload that runs Seawall, for one account's pool. It is the same after a restart. */
export function subjectToken(core: SimCore, account: Pick<SimAccount, "id">): string {
  const claims = { iss: "https://oidc.simulated.example", sub: "seawall-worker", aud: audienceOf(core, account) };
  const text = `${base64url({ alg: "HS256", typ: "JWT" })}.${base64url(claims)}`;
  return `${text}.${signature(core, text).toString("base64url")}`;
}

/** Whether a subject token was made by `subjectToken` for this audience. */
export function isSubjectToken(core: SimCore, token: string, audience: string): boolean {
  const [head, claims, mark, ...rest] = token.split(".");
  if (head === undefined || claims === undefined || mark === undefined || rest.length > 0) return false;
  const given = Buffer.from(mark, "base64url");
  const wanted = signature(core, `${head}.${claims}`);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return false;
  const parsed: unknown = JSON.parse(Buffer.from(claims, "base64url").toString());
  return typeof parsed === "object" && parsed !== null && "aud" in parsed && parsed.aud === audience;
}

/** Issues access tokens and knows whose they are, in real time: clients compare expiry with their own clock. */
export function tokenBook() {
  const issued = new Map<string, { principal: GooglePrincipal; expires: number }>();
  return {
    issue(principal: GooglePrincipal, seconds = TOKEN_SECONDS): { token: string; expires: Date } {
      for (const [token, entry] of issued) if (entry.expires <= Date.now()) issued.delete(token);
      const token = `ya29.${randomBytes(32).toString("base64url")}`;
      const expires = Date.now() + seconds * 1000;
      issued.set(token, { principal, expires });
      return { token, expires: new Date(expires) };
    },
    /** The principal of `Bearer …`, or null when the header is absent, unknown or expired. */
    fromHeader(authorization: string | undefined): GooglePrincipal | null {
      return this.find(/^Bearer (\S+)$/i.exec(authorization ?? "")?.[1] ?? "");
    },
    find(token: string): GooglePrincipal | null {
      const entry = issued.get(token);
      return entry === undefined || entry.expires <= Date.now() ? null : entry.principal;
    },
  };
}
export type TokenBook = ReturnType<typeof tokenBook>;
