import type { IncomingMessage, ServerResponse } from "node:http";
import type { Content, ContentCache } from "./content";
import type { Core } from "./core";
import { applyFault, faultStatus } from "./fault";
import { type Form, negotiate } from "./kubernetes-accept";
import { granted, review } from "./kubernetes-access";
import { Refusal, sendJson, statusBody } from "./kubernetes-answer";
import { apiVersionOf, SERVED_KINDS, type ServedKind } from "./kubernetes-kinds";
import { listPage, partial, typed } from "./kubernetes-list";
import { watch } from "./kubernetes-watch";
import type { Authorizer, FaultKind, SimCluster } from "./model";
import { kubeletConfig } from "./objects-control-plane";
import { published } from "./published";
import { hex } from "./random";
import { dayOf } from "./scenario";
import type { ClusterPlan } from "./scenario-clusters";
import { goVersion } from "./scenario-versions";

interface Target {
  /** `list pods`, `get namespaces`, `watch pods`, `create selfsubjectaccessreviews`, `get /version`. */
  action: string;
  kind?: ServedKind;
  namespace?: string;
  name?: string;
  verb: "get" | "list" | "watch" | "create";
  review?: string;
  discovery?: string;
  /** Name of the node whose kubelet is asked for its settings. */
  kubelet?: string;
}

const PATH = /^\/(?:api\/(v1)|apis\/([^/]+)\/(v[^/]+))\/(?:namespaces\/([^/]+)\/)?([^/]+)(?:\/([^/]+))?$/;
const REVIEWS = ["selfsubjectaccessreviews", "selfsubjectrulesreviews"];

/** What a request means. Throws `Refusal` 404 for paths no API server of this version has, 501 for what only the simulator lacks. */
function targetOf(method: string, url: URL): Target {
  const path = url.pathname;
  const group = /^\/apis\/([^/]+)\/(v[^/]+)$/.exec(path);
  if (["/version", "/healthz", "/livez", "/readyz", "/api", "/apis", "/api/v1"].includes(path) || group !== null) {
    return { action: `get ${path}`, verb: "get", discovery: path };
  }
  const kubelet = /^\/api\/v1\/nodes\/([^/]+)\/proxy\/configz$/.exec(path)?.[1];
  if (kubelet !== undefined) return { action: "get nodes/proxy", verb: "get", kubelet: decodeURIComponent(kubelet) };
  const parts = PATH.exec(path);
  if (parts === null) throw new Refusal(404, "the server could not find the requested resource");
  const apiGroup = parts[2] ?? "";
  // `/api/v1/namespaces/x` reads as resource "namespaces" and name "x": the pattern's optional part gave way.
  const [, , , , namespace, resource = "", name] = parts;
  if (apiGroup === "authorization.k8s.io" && REVIEWS.includes(resource)) {
    if (method !== "POST") throw new Refusal(405, "the server does not allow this method on the requested resource");
    return { action: `create ${resource}`, verb: "create", review: resource };
  }
  const kind = SERVED_KINDS.find(
    (each) => each.resource === resource && each.group === apiGroup && each.version === (parts[1] ?? parts[3]),
  );
  if (kind === undefined || (namespace !== undefined && !kind.namespaced))
    throw new Refusal(404, "the server could not find the requested resource");
  if (method !== "GET") throw new Refusal(501, `the simulator does not implement ${method} ${path}`);
  const watching = ["1", "true"].includes(url.searchParams.get("watch") ?? "");
  const verb = name !== undefined ? "get" : watching ? "watch" : "list";
  return {
    action: `${verb} ${resource}`,
    verb,
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  };
}

const positive = (url: URL, name: string): number | undefined => {
  const text = url.searchParams.get(name);
  if (text === null || text === "" || text === "0") return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Refusal(400, `${name}: invalid value ${JSON.stringify(text)}`);
  return Number(text);
};

function discovery(path: string, cluster: SimCluster): string {
  if (path === "/version") {
    const [major = "1", minor = "0"] = cluster.version.split(".");
    return JSON.stringify(
      published("version", {
        major,
        minor,
        gitVersion: `v${cluster.version}`,
        gitCommit: hex(`kubernetes/${cluster.version}`, 40),
        gitTreeState: "clean",
        buildDate: cluster.createdAt,
        goVersion: goVersion(cluster.version),
        compiler: "gc",
        platform: "linux/amd64",
      }),
    );
  }
  if (path === "/api") return JSON.stringify({ kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] });
  if (path === "/apis") {
    const groups = [...new Set(SERVED_KINDS.map((kind) => kind.group).filter((group) => group !== ""))];
    const version = (group: string) => ({ groupVersion: `${group}/v1`, version: "v1" });
    return JSON.stringify({
      kind: "APIGroupList",
      apiVersion: "v1",
      groups: groups.map((name) => ({ name, versions: [version(name)], preferredVersion: version(name) })),
    });
  }
  const groupVersion = path.replace(/^\/apis?\//, "");
  const kinds = SERVED_KINDS.filter((kind) => apiVersionOf(kind) === groupVersion);
  if (kinds.length === 0) throw new Refusal(404, "the server could not find the requested resource");
  const resources = kinds.map((kind) => ({
    name: kind.resource,
    singularName: "",
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: ["get", "list", "watch"],
  }));
  return JSON.stringify({ kind: "APIResourceList", apiVersion: "v1", groupVersion, resources });
}

async function principalOf(core: Core, req: IncomingMessage, cluster: SimCluster): Promise<string | null> {
  const token = /^Bearer (\S+)$/i.exec(req.headers.authorization ?? "")?.[1];
  if (token === undefined) return null;
  return (
    core.verifyServiceAccountToken(token, cluster) ??
    (await core.verifier(cluster.distribution)?.(token, cluster)) ??
    null
  );
}

const errorBody = (status: number) => ({
  contentType: "application/json",
  body: statusBody(status, `injected fault ${status}`),
});

/** Answers one request to one cluster's API. */
export async function answer(
  core: Core,
  cache: ContentCache,
  plan: ClusterPlan,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const cluster = core.clusters().find((each) => each.id === plan.base.id);
  if (cluster === undefined) {
    // The cluster does not exist at this simulated time: nobody listens there.
    req.socket.destroy();
    return;
  }
  const day = dayOf(core.world, core.now());
  const url = new URL(req.url ?? "/", "https://cluster");
  const target = `${cluster.id}${url.pathname}`;
  let action = `${req.method ?? ""} ${url.pathname}`;
  let principal = "";
  let status = 200;
  const contentAt = (time: Date): Content => {
    const content = cache.at(cluster.id, time);
    if (content === undefined) throw new Refusal(500, `${cluster.id} does not exist at ${time.toISOString()}`);
    return content;
  };
  try {
    const asked = targetOf(req.method ?? "GET", url);
    action = asked.action;
    const fault = core.fault("kubernetes", action, target);
    // As on a real server, who may not ask learns nothing of what could be answered.
    const form = () => (asked.kind === undefined ? "whole" : negotiate(req.headers.accept, asked.verb));
    const complete = () => plainAnswer(core, cluster, asked, url, contentAt, { form: form(), repeat: false });
    if (
      fault !== null &&
      injected(
        fault,
        req,
        res,
        asked.verb === "list" && granted(plan, asked.kind ?? NOTHING, day) && fault === "cut" ? complete : undefined,
      )
    ) {
      status = faultStatus(fault);
      return;
    }
    const user = await principalOf(core, req, cluster);
    const open =
      ["/version", "/healthz", "/livez", "/readyz"].includes(asked.discovery ?? "") &&
      req.headers.authorization === undefined;
    if (user === null && !open) throw new Refusal(401, "Unauthorized");
    principal = user ?? "system:anonymous";
    const allows: (action: Parameters<Authorizer>[1]) => boolean = (wish) =>
      core.authorizer(cluster.distribution)?.(user ?? "system:anonymous", wish) ?? true;
    if (
      asked.kind !== undefined &&
      !(granted(plan, asked.kind, day) && allows({ ...asked.kind, verb: asked.verb, name: asked.name }))
    ) {
      const { resource, group } = asked.kind;
      const where = asked.namespace === undefined ? "at the cluster scope" : `in the namespace "${asked.namespace}"`;
      throw new Refusal(
        403,
        `${resource}${group === "" ? "" : `.${group}`} is forbidden: User "${principal}" cannot ${asked.verb} resource "${resource}" in API group "${group}" ${where}`,
      );
    }
    if (asked.kubelet !== undefined && plan.kubelets !== true) {
      const what = `User "${principal}" cannot get resource "nodes/proxy" in API group "" at the cluster scope`;
      throw new Refusal(403, `nodes "${asked.kubelet}" is forbidden: ${what}`);
    }
    if (asked.review !== undefined) {
      status = 201;
      await sendJson(req, res, 201, await review(req, plan, day, asked.review, allows));
    } else if (asked.verb === "watch" && asked.kind !== undefined) {
      watch(res, {
        core,
        kind: asked.kind,
        namespace: asked.namespace,
        resourceVersion: url.searchParams.get("resourceVersion") ?? undefined,
        bookmarks: ["1", "true"].includes(url.searchParams.get("allowWatchBookmarks") ?? ""),
        timeoutSeconds: positive(url, "timeoutSeconds") ?? 1800,
        contentAt,
      });
    } else if (/^\/(health|live|ready)z$/.test(asked.discovery ?? "")) {
      res.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end("ok");
    } else {
      const how = { form: form(), repeat: fault === "repeat-page" };
      await sendJson(req, res, 200, plainAnswer(core, cluster, asked, url, contentAt, how));
    }
  } catch (error) {
    const refusal =
      error instanceof Refusal
        ? error
        : new Refusal(
            500,
            `simulator failure: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
          );
    status = refusal.code;
    if (status >= 500) process.stderr.write(`simulator: ${target}: ${refusal.message}\n`);
    if (res.headersSent) res.destroy();
    else await sendJson(req, res, status, statusBody(status, refusal.message, refusal.metadata));
  } finally {
    core.log({ service: "kubernetes", action, target, principal, status });
  }
}

const NOTHING: ServedKind = { kind: "", group: "", version: "", resource: "", namespaced: false, granted: false };

const injected = (
  fault: FaultKind,
  req: IncomingMessage,
  res: ServerResponse,
  complete: (() => string) | undefined,
): boolean =>
  applyFault(fault, req, res, { errorBody, ...(complete === undefined ? {} : { completeBody: complete() }) });

function plainAnswer(
  core: Core,
  cluster: SimCluster,
  asked: Target,
  url: URL,
  contentAt: (time: Date) => Content,
  { form, repeat }: { form: Form; repeat: boolean },
): string {
  if (asked.discovery !== undefined) return discovery(asked.discovery, cluster);
  if (asked.kubelet !== undefined) {
    const { kubelet } = asked;
    const nodes = contentAt(core.now()).lists.get("nodes") ?? [];
    const plan = core.world.plans.find(({ base }) => base.id === cluster.id);
    if (plan === undefined || !nodes.some(({ name }) => name === kubelet))
      throw new Refusal(404, `nodes "${kubelet}" not found`);
    return JSON.stringify(kubeletConfig({ plan }, kubelet));
  }
  const { kind, namespace, name } = asked;
  if (kind === undefined) throw new Refusal(404, "the server could not find the requested resource");
  for (const selector of ["labelSelector", "fieldSelector"]) {
    if ((url.searchParams.get(selector) ?? "") !== "")
      throw new Refusal(501, `the simulator does not implement ${selector}`);
  }
  if (name === undefined) {
    return listPage({
      kind,
      namespace,
      limit: positive(url, "limit"),
      continue: url.searchParams.get("continue") || undefined,
      now: core.now(),
      form,
      repeat,
      contentAt,
    });
  }
  const entry = contentAt(core.now())
    .lists.get(kind.resource)
    ?.find((each) => each.key === `${namespace ?? ""}/${decodeURIComponent(name)}`);
  if (entry === undefined) throw new Refusal(404, `${kind.resource} "${name}" not found`);
  return form === "metadata" ? partial(entry) : typed(kind, entry);
}
