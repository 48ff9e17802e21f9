import { type Gap, LISTED_KINDS } from "@/domain/inventory/schema";
import { ConnectorError, type KubernetesAccess } from "../connector";
import { type KubernetesClient, openClient, type ReaderOptions } from "./client";
import { asConnectorError, gapOf } from "./failure";
import { kindText } from "./page-source";

export interface Action {
  verb: string;
  group: string;
  resource: string;
  subresource?: string;
}

export interface AccessReview {
  /** `list` on a listed kind that the identity lacks, or that could not be asked (then with that failure's code). */
  gaps: Gap[];
  /** What the identity may do and should not: an over-privileged credential. Texts for people. */
  warnings: string[];
}

const PATH = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/** Nothing that Seawall needs; an identity that may do one of these has more than it should. */
const UNWANTED: readonly Action[] = [
  { verb: "get", group: "", resource: "secrets" },
  { verb: "create", group: "", resource: "pods" },
  { verb: "delete", group: "apps", resource: "deployments" },
];

/** Whether the identity may do it, as the API server says. Rejects with ConnectorError. */
export async function isAllowed(client: KubernetesClient, action: Action): Promise<boolean> {
  const purpose = {
    what: "selfsubjectaccessreviews",
    permission: "create selfsubjectaccessreviews.authorization.k8s.io",
  };
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { ...action } },
  };
  const { json } = await client.post(PATH, body, purpose);
  const status = typeof json === "object" && json !== null && "status" in json ? json.status : undefined;
  const allowed = typeof status === "object" && status !== null && "allowed" in status ? status.allowed : undefined;
  if (typeof allowed === "boolean") return allowed;
  throw new ConnectorError(
    gapOf("malformed", purpose.what, "The answer holds no verdict. Check that the address is the API server's."),
  );
}

/**
 * Asks the cluster, without reading anything, what a scan would be denied, and whether the identity may do what it should
 * not. Never rejects for one question: what could not be asked is a gap, or for an unwanted right a warning.
 */
export async function reviewAccess(access: KubernetesAccess, options: ReaderOptions): Promise<AccessReview> {
  const client = openClient(access, options);
  const review: AccessReview = { gaps: [], warnings: [] };
  const needed = async ({ kind, action }: { kind: string; action: Action }) => {
    const permission = `list ${kind}`;
    try {
      if (await isAllowed(client, action)) return;
      review.gaps.push(
        gapOf("denied", kind, `The identity may not list ${kind}. Grant it the permission named here.`, permission),
      );
    } catch (error) {
      const { code, message } = asConnectorError(error, kind).gap;
      review.gaps.push(gapOf(code, kind, message, permission));
    }
  };
  const unwanted = async (action: Action) => {
    const text = `${action.verb} ${action.resource}`;
    try {
      if (await isAllowed(client, action))
        review.warnings.push(`Over-privileged: the identity may ${text}, which Seawall does not need.`);
    } catch (error) {
      review.warnings.push(
        `Could not check that the identity may not ${text}: ${asConnectorError(error, text).gap.message}`,
      );
    }
  };
  try {
    const questions = LISTED_KINDS.map((kind) => ({
      kind: kindText(kind),
      action: { verb: "list", group: kind.apiGroup, resource: kind.resource },
    }));
    // The first question alone, so that a dead cluster is found out once.
    const [first, ...rest] = questions;
    if (first) await needed(first);
    await Promise.all([...rest.map(needed), ...UNWANTED.map(unwanted)]);
  } finally {
    await client.close();
  }
  const order = new Map(LISTED_KINDS.map((kind, index) => [kindText(kind), index]));
  review.gaps.sort((left, right) => (order.get(left.what) ?? 0) - (order.get(right.what) ?? 0));
  review.warnings.sort();
  return review;
}
