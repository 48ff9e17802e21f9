import { list, record, text } from "@/domain/inventory/json";
import { containersAtIssue, itemsAtIssue, podSpecOf } from "./item";
import { asSubjects, roleWords, subjectFlags, subjectsOut } from "./subject";
import { type FixTarget, resourceWords } from "./target";

/** One word, quoted as such, or several, each quoted by itself. */
export type Value = string | readonly string[];
export type Words = Readonly<Partial<Record<string, Value>>>;

/** Words in capitals that controls use in commands and Terraform for what Seawall knows; what only a person knows stands in `< >`. */
export const WORDS = [
  ...[
    "CLUSTER_ID",
    "CLUSTER",
    "GROUP",
    "LOCATION",
    "PROJECT",
    "POOL",
    "RESOURCE",
    "ROLE",
    "NAMESPACE",
    "NAME",
    "ACCOUNT",
  ],
  ...["COPY", "CONTAINER", "IMAGE", "AS_SUBJECT", "SUBJECTS_OUT", "SUBJECTS", "RULE"],
] as const;
export const WORD = new RegExp(`\\b(${WORDS.join("|")})\\b`, "g");

/** Labels by which clouds say to which pool a node belongs. */
const POOL_LABELS = ["kubernetes.azure.com/agentpool", "eks.amazonaws.com/nodegroup", "cloud.google.com/gke-nodepool"];

/** Names of the node pools that the evidence points at, or of the node's own. */
export function poolsOf(target: FixTarget): string[] {
  const object = record(target.object);
  const labels = record(record(object.metadata).labels);
  const names =
    target.kind === "Node"
      ? POOL_LABELS.map((label) => labels[label])
      : target.paths.map((path) => {
          const index = Number(/^nodePools\[(\d{1,4})\]/.exec(path)?.[1] ?? -1);
          return record(list(object.nodePools)[index]).name;
        });
  return [...new Set(names.map(text).filter((name) => name !== ""))];
}

/** Words of which there may be several, each the words of one item: a line that holds one is written once for each. */
export const itemWords = (
  target: FixTarget,
): Readonly<Record<"POOL" | "AS_SUBJECT" | "CONTAINER" | "RULE", Words[]>> => ({
  POOL: poolsOf(target).map((POOL) => ({ POOL })),
  AS_SUBJECT: asSubjects(target).map((words) => ({ AS_SUBJECT: words })),
  CONTAINER: containersAtIssue(target).map(({ name, container }) => ({
    CONTAINER: name,
    ...(text(container.image) === "" ? {} : { IMAGE: text(container.image) }),
  })),
  RULE: itemsAtIssue(target, "rules").map(({ index }) => ({ RULE: String(index) })),
});

/** What the fix of this resource may name. */
export function knownWords(target: FixTarget): Words {
  const arm = target.aliases.find((alias) => alias.startsWith("/subscriptions/"));
  const group = /\/resourcegroups\/([^/]+)\//i.exec(arm ?? "")?.[1];
  const azure = target.distribution === "aks" || target.distribution === "arc";
  const id = azure ? arm : target.aliases.find((alias) => alias.startsWith("arn:"));
  const home = target.kind === "Namespace" ? target.name : target.namespace;
  const role = roleWords(target);
  const subjects = subjectFlags(target);
  const out = subjectsOut(target);
  const account = text(record(podSpecOf(target)).serviceAccountName);
  return {
    CLUSTER: target.cluster,
    ...(id === undefined ? {} : { CLUSTER_ID: id }),
    ...(group === undefined ? {} : { GROUP: group }),
    ...(target.region === null ? {} : { LOCATION: target.region }),
    ...(target.distribution === "gke" ? { PROJECT: target.account } : {}),
    RESOURCE: resourceWords(target),
    ...(role.length === 0 ? {} : { ROLE: role }),
    ...(home === "" ? {} : { NAMESPACE: home }),
    NAME: target.name,
    ...(target.object === null ? {} : { ACCOUNT: account || "default" }),
    COPY: [target.kind, target.namespace, target.name]
      .filter((word) => word !== "")
      .join("-")
      .toLowerCase()
      .replace(/[^a-z0-9.-]/g, "-"),
    ...(subjects.length === 0 ? {} : { SUBJECTS: subjects }),
    ...(out === null ? {} : { SUBJECTS_OUT: out }),
  };
}
