import type { SimAccount, SimCluster, SimCore } from "../model";
import { published } from "../published";
import { type Answer, armError, type Call, type Routed } from "./answer";
import { agentPool, aksId, connectedCluster, extensions, groupOf, maintenance, managedCluster } from "./cluster";
import { checkContainerService, checkHybridKubernetes } from "./fidelity";
import { userKubeconfig } from "./kubeconfig";
import type { Signer } from "./tokens";

export interface Arm {
  core: SimCore;
  signer: Signer;
  audience: string;
}

type Json = Record<string, unknown>;
interface Operation {
  action: string;
  method: "GET" | "POST";
  /** Below `/subscriptions/{id}/`; groups: resource group, cluster. ARM paths do not mind their case. */
  path: RegExp;
  /** Whether it lists clusters, which leaves out silently those to which a right was lost. */
  listsClusters?: true;
  run(context: Context): Promise<Answer> | Answer;
}
interface Context {
  arm: Arm;
  call: Call;
  account: SimAccount;
  tenantId: string;
  group: string;
  name: string;
  /** Answer the first page for ever. */
  repeat: boolean;
}

/** Small, so that a client that stops after one page is found out. */
const PAGE = 2;
const API_VERSION = /^20\d\d-(0[1-9]|1[0-2])-([0-2]\d|3[01])(-preview|-privatepreview)?$/;

function page(context: Context, items: Json[]): Json {
  const { call, repeat } = context;
  const start = repeat
    ? 0
    : Number(Buffer.from(call.url.searchParams.get("$skiptoken") ?? "", "base64url").toString() || 0);
  const next = new URL(call.url.pathname + call.url.search, call.base);
  const more = repeat || start + PAGE < items.length;
  next.searchParams.set("$skiptoken", Buffer.from(String(repeat ? 0 : start + PAGE)).toString("base64url"));
  return { value: items.slice(start, start + PAGE), ...(more ? { nextLink: next.href } : {}) };
}

const ok = (body: unknown): Answer => ({
  status: 200,
  body,
  headers: { "x-ms-ratelimit-remaining-subscription-reads": "11999" },
});
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
const managed = ({ arm, account }: Context) =>
  arm.core.clusters().filter((cluster) => cluster.distribution === "aks" && cluster.accountId === account.id);
const connected = ({ arm, account }: Context) =>
  arm.core
    .clusters()
    .filter((c) => (c.distribution === "arc" && c.accountId === account.id) || c.alsoArcIn === account.id);

function withCluster(
  context: Context,
  type: string,
  from: SimCluster[],
  run: (cluster: SimCluster) => Promise<Answer> | Answer,
) {
  const found = from.find((cluster) => same(cluster.id, context.name) && same(groupOf(cluster), context.group));
  if (found) return run(found);
  const what = `The Resource '${type}/${context.name}' under resource group '${context.group}' was not found.`;
  return armError(
    404,
    "ResourceNotFound",
    `${what} For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

const AKS = "Microsoft.ContainerService/managedClusters";
const ARC = "Microsoft.Kubernetes/connectedClusters";
const oneAks = `resourceGroups/([^/]+)/providers/Microsoft\\.ContainerService/managedClusters/([^/]+)`;
const oneArc = `resourceGroups/([^/]+)/providers/Microsoft\\.Kubernetes/connectedClusters/([^/]+)`;
const path = (text: string) => new RegExp(`^${text}$`, "i");

const LOGS = ["kube-apiserver", "kube-audit", "kube-audit-admin", "kube-controller-manager", "kube-scheduler", "guard"];
/** Which categories a team of each care keeps. */
const KEPT: Readonly<Record<SimCluster["controlPlane"]["care"], readonly string[]>> = {
  good: LOGS.filter((category) => category !== "kube-audit-admin"),
  middling: ["kube-apiserver", "kube-audit-admin"],
  bad: ["kube-audit"],
};

const OPERATIONS: Operation[] = [
  {
    action: `${AKS}/read`,
    method: "GET",
    path: path("providers/Microsoft\\.ContainerService/managedClusters"),
    listsClusters: true,
    async run(context) {
      const body = page(
        context,
        managed(context).map((cluster) => managedCluster(cluster, context.tenantId)),
      );
      await checkContainerService("managedClusters", body);
      return ok(body);
    },
  },
  {
    action: `${AKS}/read`,
    method: "GET",
    path: path(oneAks),
    run: (context) =>
      withCluster(context, AKS, managed(context), async (cluster) => {
        const body = managedCluster(cluster, context.tenantId);
        await checkContainerService("managedClusters", { value: [body] });
        return ok(body);
      }),
  },
  {
    action: `${AKS}/agentPools/read`,
    method: "GET",
    path: path(`${oneAks}/agentPools`),
    run: (context) =>
      withCluster(context, AKS, managed(context), async (cluster) => {
        const body = page(
          context,
          cluster.nodePools.map((pool) => agentPool(cluster, pool)),
        );
        await checkContainerService("agentPools", body);
        return ok(body);
      }),
  },
  {
    action: `${AKS}/maintenanceConfigurations/read`,
    method: "GET",
    path: path(`${oneAks}/maintenanceConfigurations`),
    run: (context) =>
      withCluster(context, AKS, managed(context), async (cluster) => {
        const body = page(context, maintenance(cluster));
        await checkContainerService("maintenance", body);
        return ok(body);
      }),
  },
  {
    action: `${AKS}/listClusterUserCredential/action`,
    method: "POST",
    path: path(`${oneAks}/listClusterUserCredential`),
    run: (context) =>
      withCluster(context, AKS, managed(context), async (cluster) => {
        const text = userKubeconfig(cluster, context.tenantId, context.arm.signer);
        const body = { kubeconfigs: [{ name: "clusterUser", value: Buffer.from(text).toString("base64") }] };
        await checkContainerService("credentials", body);
        return ok(body);
      }),
  },
  {
    action: "Microsoft.Insights/diagnosticSettings/read",
    method: "GET",
    path: path(`${oneAks}/providers/Microsoft\\.Insights/diagnosticSettings`),
    run: (context) =>
      withCluster(context, AKS, managed(context), (cluster) => {
        const kept = KEPT[cluster.controlPlane.care];
        const setting = {
          id: `${aksId(cluster)}/providers/microsoft.insights/diagnosticSettings/control-plane`,
          name: "control-plane",
          type: "Microsoft.Insights/diagnosticSettings",
          properties: {
            workspaceId: `/subscriptions/${cluster.accountId}/resourceGroups/rg-logs/providers/Microsoft.OperationalInsights/workspaces/logs`,
            logs: LOGS.map((category) => ({ category, categoryGroup: null, enabled: kept.includes(category) })),
            metrics: [],
          },
        };
        return ok(published("diagnosticSettings", { value: cluster.controlPlane.auditLog ? [setting] : [] }));
      }),
  },
  {
    action: `${ARC}/read`,
    method: "GET",
    path: path("providers/Microsoft\\.Kubernetes/connectedClusters"),
    listsClusters: true,
    run(context) {
      const now = context.arm.core.now();
      const all = connected(context).map((c) => connectedCluster(c, context.account.id, context.tenantId, now));
      const body = page(context, all);
      checkHybridKubernetes("ConnectedClusterList", body);
      return ok(body);
    },
  },
  {
    action: `${ARC}/read`,
    method: "GET",
    path: path(oneArc),
    run: (context) =>
      withCluster(context, ARC, connected(context), (cluster) => {
        const body = connectedCluster(cluster, context.account.id, context.tenantId, context.arm.core.now());
        checkHybridKubernetes("ConnectedCluster", body);
        return ok(body);
      }),
  },
  {
    action: "Microsoft.KubernetesConfiguration/extensions/read",
    method: "GET",
    path: path(`${oneArc}/providers/Microsoft\\.KubernetesConfiguration/extensions`),
    run: (context) =>
      withCluster(context, ARC, connected(context), (cluster) =>
        ok(published("extensions", page(context, extensions(cluster, context.account.id)))),
      ),
  },
];

/** Who asks, or the refusal: signature, expiry, audience and tenant of the bearer token. */
function authenticate(arm: Arm, call: Call): { principal: string; tenant: string } | Answer {
  const refuse = (code: string, message: string) =>
    armError(401, code, message, {
      "www-authenticate": `Bearer authorization_uri="${call.base}/common", error="invalid_token", error_description="${message}"`,
    });
  const token = /^Bearer (\S+)$/.exec(call.headers.authorization ?? "")?.[1];
  if (token === undefined) return refuse("AuthenticationFailed", "The 'Authorization' header is missing.");
  const claims = arm.signer.read(token);
  if (claims === null) return refuse("InvalidAuthenticationToken", "The access token is invalid or has expired.");
  if (claims.aud !== arm.audience) {
    return refuse(
      "InvalidAuthenticationTokenAudience",
      `The access token has been obtained for wrong audience '${claims.aud}'.`,
    );
  }
  return { principal: String(claims.appid), tenant: String(claims.tid) };
}

function authorize(
  arm: Arm,
  call: Call,
  subscription: string,
  who: { principal: string; tenant: string },
  action: string,
): SimAccount | Answer {
  const version = call.url.searchParams.get("api-version");
  if (version === null)
    return armError(400, "MissingApiVersionParameter", "The api-version query parameter is required.");
  if (!API_VERSION.test(version))
    return armError(400, "InvalidApiVersionParameter", `The api-version '${version}' is invalid.`);
  const account = arm.core.accounts().find((a) => a.provider === "azure" && same(a.id, subscription));
  if (account === undefined)
    return armError(404, "SubscriptionNotFound", `The subscription '${subscription}' could not be found.`);
  if (account.tenantId !== who.tenant)
    return armError(401, "InvalidAuthenticationTokenTenant", "The access token is from the wrong issuer.");
  if (account.clientId !== who.principal) {
    const text = `The client '${who.principal}' does not have authorization to perform action '${action}' over scope '/subscriptions/${subscription}'.`;
    return armError(
      403,
      "AuthorizationFailed",
      `${text} If access was recently granted, please refresh your credentials.`,
    );
  }
  return account;
}

/** Routes any other request to ARM. What is not simulated is answered 501 and stands in the log under `unknown`. */
export function routeArm(arm: Arm, call: Call): Routed {
  const [, subscription = "", rest = ""] = /^\/subscriptions\/([^/]+)\/(.+?)\/*$/i.exec(call.url.pathname) ?? [];
  const who = authenticate(arm, call);
  const principal = "principal" in who ? who.principal : "anonymous";
  const base = { service: "arm" as const, target: call.url.pathname, principal };
  for (const operation of OPERATIONS) {
    const match = operation.method === call.method ? operation.path.exec(rest) : null;
    if (match === null) continue;
    const run = (repeat: boolean) => {
      if (!("principal" in who)) return who;
      const account = authorize(arm, call, subscription, who, operation.action);
      if ("status" in account) return account;
      const [group = "", name = ""] = match.slice(1).map(decodeURIComponent);
      return operation.run({ arm, call, account, tenantId: who.tenant, group, name, repeat });
    };
    return {
      ...base,
      action: operation.action,
      answer: () => run(false),
      repeated: () => run(true),
      ...(operation.listsClusters ? { filtered: () => ok({ value: [] }) } : {}),
    };
  }
  const message = `The simulator does not know ${call.method} ${call.url.pathname}.`;
  return { ...base, action: `unknown:${call.method}`, answer: () => armError(501, "NotImplemented", message) };
}
