import type { IncomingMessage } from "node:http";
import { Refusal } from "./kubernetes-answer";
import { SERVED_KINDS, type ServedKind } from "./kubernetes-kinds";
import type { Authorizer } from "./model";
import { published } from "./published";
import type { ClusterPlan } from "./scenario-clusters";

const READ_VERBS = ["get", "list", "watch"];

/** Whether the reader's role on this cluster grants the kind on a day. */
export const granted = ({ denied, configMaps }: ClusterPlan, kind: ServedKind, day: number): boolean =>
  (kind.granted || (kind.resource === "configmaps" && configMaps === true)) &&
  !(denied.resources.includes(kind.resource) && day >= (denied.from ?? Number.NEGATIVE_INFINITY));

const readBody = async (req: IncomingMessage): Promise<Record<string, unknown>> => {
  let text = "";
  for await (const chunk of req) {
    text += String(chunk);
    if (text.length > 65_536) throw new Refusal(400, "the review is too large");
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Refusal(400, "the body is not a JSON object");
};

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

/** Answers `selfsubjectaccessreviews` and `selfsubjectrulesreviews` for the reader's role. */
export async function review(
  req: IncomingMessage,
  plan: ClusterPlan,
  day: number,
  resource: string,
  allows: (action: Parameters<Authorizer>[1]) => boolean,
): Promise<string> {
  const body = await readBody(req);
  const base = { apiVersion: "authorization.k8s.io/v1", metadata: { creationTimestamp: null }, spec: body.spec };
  if (resource === "selfsubjectaccessreviews") {
    const asked = recordOf(recordOf(body.spec).resourceAttributes);
    const kind = SERVED_KINDS.find((each) => each.resource === asked.resource && each.group === (asked.group ?? ""));
    const kubelets = asked.resource === "nodes" && asked.subresource === "proxy" && asked.verb === "get";
    const configMaps = asked.resource === "configmaps" && asked.verb === "judge";
    const allowed =
      (kubelets && plan.kubelets === true) ||
      (configMaps && plan.configMaps === true) ||
      (kind !== undefined &&
        granted(plan, kind, day) &&
        READ_VERBS.includes(String(asked.verb)) &&
        allows({ verb: String(asked.verb), group: kind.group, resource: kind.resource }) &&
        asked.subresource === undefined);
    return JSON.stringify(
      published("accessReview", {
        kind: "SelfSubjectAccessReview",
        ...base,
        status: { allowed, ...(allowed ? { reason: 'RBAC: allowed by ClusterRoleBinding "seawall-reader"' } : {}) },
      }),
    );
  }
  if (typeof recordOf(body.spec).namespace !== "string") throw new Refusal(400, "no namespace on request");
  const groups = new Map<string, string[]>();
  for (const kind of SERVED_KINDS)
    if (granted(plan, kind, day)) groups.set(kind.group, [...(groups.get(kind.group) ?? []), kind.resource]);
  const resourceRules = [
    {
      verbs: ["create"],
      apiGroups: ["authorization.k8s.io"],
      resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
    },
    ...[...groups].map(([group, resources]) => ({ verbs: READ_VERBS, apiGroups: [group], resources })),
  ];
  const nonResourceRules = [
    { verbs: ["get"], nonResourceURLs: ["/version", "/healthz", "/api", "/api/*", "/apis", "/apis/*"] },
  ];
  return JSON.stringify(
    published("rulesReview", {
      kind: "SelfSubjectRulesReview",
      ...base,
      status: { resourceRules, nonResourceRules, incomplete: false },
    }),
  );
}
