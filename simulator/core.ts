import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import type { Server } from "node:net";
import { authorityCertificate, serverCertificate } from "./certificate";
import type { Authorizer, SimCluster, SimCore, SimDistribution, SimFault, SimRequest, TokenVerifier } from "./model";
import { hex, uuid } from "./random";
import { clusterAt, DAY_MS, type Scenario, scenario } from "./scenario";
import { openState } from "./state";

export interface CoreOptions {
  /** Default 1. Everything but private keys is a function of it. */
  seed?: number;
  /** `tiny`: the same accounts and clusters with a twentieth of the workloads, for tests. Default `full`. */
  scenario?: "full" | "tiny";
  /** Multiplies the workloads of the teams. Default 1. */
  scale?: number;
  /** Day zero, rounded down to midnight UTC. Default: today, or the stored one. */
  anchor?: Date;
  /** Starts with a frozen virtual clock. Default: real time. */
  now?: Date;
  /** Folder that keeps keys, ports and day zero over restarts. */
  state?: string;
}

/** The core with what the control endpoint and the Kubernetes wire need besides `SimCore`. */
export interface Core extends SimCore {
  world: Scenario;
  /** Requests after the `since`-th ever logged, and the count to ask with next time. At most 50,000 are kept. */
  requests(since?: number): { next: number; requests: SimRequest[] };
  faults(): SimFault[];
  addFault(fault: Omit<SimFault, "id"> & { id?: string }): SimFault;
  /** Without an id: all. */
  removeFault(id?: string): void;
  /** Sets the simulated now; `null` goes back to real time. It goes on ticking unless frozen. */
  setNow(now: Date | null, frozen?: boolean): void;
  /** The certificate and key a cluster's listener serves, and its CA. */
  clusterTls(id: string): { key: string; cert: string; ca: string };
  /** The principal of one of the cluster's own service-account tokens, or null. */
  verifyServiceAccountToken(token: string, cluster: SimCluster): string | null;
  /** The verifier that a wire registered for a distribution. */
  verifier(distribution: SimDistribution): TokenVerifier | undefined;
  /** The authorizer that a wire registered for a distribution; it can only narrow what the scenario grants. */
  authorizer(distribution: SimDistribution): Authorizer | undefined;
  /** Where a cluster's API listens: written by the Kubernetes wire. */
  setServer(id: string, server: string): void;
}

const LOG_LIMIT = 50_000;
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Builds the core of an estate: clock, log, faults, TLS material, tokens. Opens no port. */
export function createCore(options: CoreOptions = {}): Core {
  const seed = options.seed ?? 1;
  const start = options.anchor ?? options.now ?? new Date();
  const state = openState(options.state, seed, new Date(Math.floor(start.getTime() / DAY_MS) * DAY_MS));
  const scale = (options.scale ?? 1) * (options.scenario === "tiny" ? 0.05 : 1);
  const world = scenario(seed, state.anchor, scale);

  let clock = options.now === undefined ? null : { now: options.now.getTime(), since: Date.now(), frozen: true };
  const now = () => new Date(clock === null ? Date.now() : clock.now + (clock.frozen ? 0 : Date.now() - clock.since));

  const log: SimRequest[] = [];
  let dropped = 0;
  const faults = new Map<string, { fault: SimFault; matches: number }>();
  let faultCount = 0;
  const servers = new Map<string, string>();
  const certificates = new Map<string, { key: string; cert: string; ca: string }>();
  const tlsFor = (owner: string) => {
    const known = certificates.get(owner);
    if (known !== undefined) return known;
    const authority = { commonName: `${owner} CA`, keyPem: state.key(`${owner}/ca`) };
    const key = state.key(`${owner}/server`);
    const ca = authorityCertificate(authority.commonName, authority.keyPem);
    const made = { key, cert: serverCertificate(owner, key, authority), ca };
    certificates.set(owner, made);
    return made;
  };
  const issuerKeys = new Map<string, KeyObject>();
  const issuerKey = (cluster: string): KeyObject => {
    const key = issuerKeys.get(cluster) ?? createPublicKey(state.key(`${cluster}/service-accounts`));
    issuerKeys.set(cluster, key);
    return key;
  };
  const verifiers = new Map<SimDistribution, TokenVerifier>();
  const authorizers = new Map<SimDistribution, Authorizer>();

  const matches = (fault: SimFault, service: string, action: string, target: string) =>
    (fault.service === "*" || fault.service === service) &&
    (fault.action === "*" || fault.action === action) &&
    (fault.target === undefined || target.includes(fault.target));

  return {
    world,
    verifier: (distribution) => verifiers.get(distribution),
    authorizer: (distribution) => authorizers.get(distribution),
    accounts: () => world.accounts.map((account) => ({ ...account, regions: [...account.regions] })),
    clusters: () =>
      world.plans.flatMap((plan): SimCluster[] => {
        const cluster = clusterAt(world, plan, now());
        if (cluster === undefined) return [];
        cluster.server = servers.get(cluster.id) ?? "";
        cluster.caCertificate = tlsFor(cluster.id).ca;
        return [cluster];
      }),
    now,
    setNow(at, frozen = false) {
      clock = at === null ? null : { now: at.getTime(), since: Date.now(), frozen };
    },
    log(request) {
      log.push({ at: now().toISOString(), ...request });
      if (log.length > LOG_LIMIT) {
        dropped += 10_000;
        log.splice(0, 10_000);
      }
    },
    requests: (since = 0) => ({ next: dropped + log.length, requests: log.slice(Math.max(0, since - dropped)) }),
    fault(service, action, target) {
      for (const entry of faults.values()) {
        if (!matches(entry.fault, service, action, target)) continue;
        entry.matches += 1;
        const hit = entry.matches - (entry.fault.skip ?? 0);
        if (hit >= 1 && hit <= (entry.fault.times ?? Number.POSITIVE_INFINITY)) return entry.fault.kind;
      }
      return null;
    },
    faults: () => [...faults.values()].map((entry) => entry.fault),
    addFault(fault) {
      faultCount += 1;
      const added: SimFault = { ...fault, id: fault.id ?? `fault-${faultCount}` };
      faults.set(added.id, { fault: added, matches: 0 });
      return added;
    },
    removeFault(id) {
      if (id === undefined) faults.clear();
      else faults.delete(id);
    },
    tls: tlsFor("estate"),
    clusterTls: tlsFor,
    setServer: (id, server) => void servers.set(id, server),
    registerTokenVerifier: (distribution, verify) => void verifiers.set(distribution, verify),
    registerAuthorizer: (distribution, allows) => void authorizers.set(distribution, allows),
    serviceAccountToken(cluster) {
      const issued = Math.floor(state.anchor.getTime() / 1000) - 3600;
      const head = base64url({ alg: "ES256", kid: hex(`${cluster.id}/service-account-key`, 40), typ: "JWT" });
      const body = base64url({
        aud: ["https://kubernetes.default.svc.cluster.local"],
        exp: issued + 365 * 86_400,
        iat: issued,
        iss: "https://kubernetes.default.svc.cluster.local",
        jti: uuid(`${seed}/${cluster.id}/reader-token`),
        "kubernetes.io": {
          namespace: "seawall-system",
          serviceaccount: { name: "seawall-reader", uid: uuid(`${seed}/${cluster.id}/seawall-reader`) },
        },
        nbf: issued,
        sub: "system:serviceaccount:seawall-system:seawall-reader",
      });
      const key = { key: state.key(`${cluster.id}/service-accounts`), dsaEncoding: "ieee-p1363" as const };
      return `${head}.${body}.${sign("sha256", Buffer.from(`${head}.${body}`), key).toString("base64url")}`;
    },
    verifyServiceAccountToken(token, cluster) {
      const [head, body, signature, more] = token.split(".");
      if (head === undefined || body === undefined || signature === undefined || more !== undefined) return null;
      const key = { key: issuerKey(cluster.id), dsaEncoding: "ieee-p1363" as const };
      if (!verify("sha256", Buffer.from(`${head}.${body}`), key, Buffer.from(signature, "base64url"))) return null;
      const claims = JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as { sub: string; exp: number };
      return claims.exp * 1000 > now().getTime() ? claims.sub : null;
    },
    secret: (name) => createHash("sha256").update(`${seed}/secret/${name}`).digest("hex").slice(0, 40),
    listen: (server, name) =>
      listen(server, state.port(name)).then((port) => {
        state.rememberPort(name, port);
        return port;
      }),
  };
}

/** Listens on 127.0.0.1; a wanted port that is taken falls back to an ephemeral one. */
function listen(server: Server, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" && wanted !== 0) listen(server, 0).then(resolve, reject);
      else reject(error);
    };
    server.once("error", failed);
    server.listen(wanted, "127.0.0.1", () => {
      server.removeListener("error", failed);
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error(`no port for a listener on 127.0.0.1`));
      else resolve(address.port);
    });
  });
}
