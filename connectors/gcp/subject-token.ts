import { open } from "node:fs/promises";
import { identityRefusal, mayReceiveIdentity } from "../operator-identity";
import { failure } from "./error";

export const SUBJECT_TOKEN_FILE = "SEAWALL_GCP_SUBJECT_TOKEN_FILE";
const MAX_BYTES = 32_768;
const WHAT = "identity token";

/** Settings that decide where the identity token comes from and where it is sent. */
export interface SubjectTokenSettings {
  subjectTokenSource: "secret" | "operator-file";
  universeDomain: string;
  tokenUrl?: string | undefined;
  caBundle?: string | undefined;
}

/**
 * The workload's identity token: the account's secret, or the file that the operator named in the environment. An account
 * never names a file, and the operator's file only goes to Google itself or where the operator says: who edits accounts must not be
 * able to send it elsewhere. Rejects with ConnectorError.
 */
export async function subjectToken(
  settings: SubjectTokenSettings,
  secrets: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string> {
  if (settings.subjectTokenSource === "secret") {
    const token = (secrets.subjectToken ?? "").trim();
    if (token === "") throw failure(WHAT, "unauthenticated", "The account has no identity token.");
    return token;
  }
  const url = settings.tokenUrl ?? `https://sts.${settings.universeDomain}`;
  if (!mayReceiveIdentity(url, (host) => host === "sts.googleapis.com", settings, environment)) {
    throw failure(WHAT, "unsupported", identityRefusal(url));
  }
  const path = environment[SUBJECT_TOKEN_FILE];
  if (path === undefined || path === "") {
    throw failure(WHAT, "unsupported", `The operator has not set ${SUBJECT_TOKEN_FILE}.`);
  }
  return await readBounded(path);
}

async function readBounded(path: string): Promise<string> {
  try {
    const file = await open(path, "r");
    try {
      const { bytesRead, buffer } = await file.read({ buffer: Buffer.alloc(MAX_BYTES + 1) });
      const token = buffer.toString("utf8", 0, bytesRead).trim();
      if (bytesRead <= MAX_BYTES && token !== "") return token;
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw failure(WHAT, "unauthenticated", `The file of ${SUBJECT_TOKEN_FILE} could not be read.`, { cause });
  }
  throw failure(
    WHAT,
    "unauthenticated",
    `The file of ${SUBJECT_TOKEN_FILE} is empty or larger than ${MAX_BYTES} bytes.`,
  );
}
