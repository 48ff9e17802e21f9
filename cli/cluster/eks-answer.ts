import { z } from "zod";
import { addonAnswer, clusterAnswer, nodegroupAnswer } from "@/connectors/eks/answers";
import { describeManagedCluster } from "@/connectors/eks/describe";
import { suggestion } from "@/lib/nearest";
import { AnswerError, type AnswerReader, at, isMap } from "./answer";

const arn = z.string().startsWith("arn:").max(2048);

/** `aws` writes times as text, the API as seconds. The SDK, whose words the connector reads, has dates. */
function dated(cluster: unknown): unknown {
  if (!isMap(cluster)) return cluster;
  const { createdAt, ...rest } = cluster;
  const time =
    typeof createdAt === "number" ? createdAt * 1000 : typeof createdAt === "string" ? createdAt : Number.NaN;
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? rest : { ...rest, createdAt: date };
}

/** A list that stands beside the cluster: its key, what one of its answers is called, and the command that gives it. */
interface Part {
  key: string;
  item: string;
  call: string;
}
const NODEGROUPS: Part = { key: "nodegroups", item: "nodegroup", call: "describe-nodegroup" };
const ADDONS: Part = { key: "addons", item: "addon", call: "describe-addon" };
const ENTRIES: Part = { key: "accessEntries", item: "accessEntry", call: "list-access-entries" };
const PARTS = [NODEGROUPS, ADDONS, ENTRIES];

/**
 * The items under a part's key: a list of them, bare or each as it is described alone (`{"nodegroup": {…}}`), one such answer, or the
 * whole answer of the command that lists them. Null is absent.
 */
function itemsOf(answer: unknown, { key, item, call }: Part, cluster: string): unknown[] | undefined {
  const given = at(answer, key);
  if (given === undefined || given === null) return undefined;
  const whole = at(given, key) ?? (isMap(at(given, item)) ? [given] : given);
  if (!Array.isArray(whole)) throw new AnswerError(`${key} holds ${kindOf(whole)}: give a list of answers of ${call}.`);
  return whole.map((entry: unknown, index) => {
    const bare = at(entry, item) ?? entry;
    const owner = at(bare, "clusterName");
    if (typeof owner === "string" && owner !== cluster)
      throw new AnswerError(`${key}[${index}] belongs to the cluster ${owner}, and this one is ${cluster}.`);
    return bare;
  });
}

function listOf<T>(shape: z.ZodType<T>, answer: unknown, part: Part, cluster: string): T[] | undefined {
  const items = itemsOf(answer, part, cluster);
  if (items === undefined) return undefined;
  if (items.some((entry) => typeof entry === "string"))
    throw new AnswerError(`${part.key} holds names only: give the answers of ${part.call} instead.`);
  return parsed(z.array(shape).max(1000), items, part.key);
}

/** Access entries by their principal: as listed, or as described. */
const entriesOf = (answer: unknown, cluster: string): string[] | undefined => {
  const items = itemsOf(answer, ENTRIES, cluster);
  return (
    items &&
    parsed(
      z.array(arn).max(10_000),
      items.map((entry) => at(entry, "principalArn") ?? entry),
      ENTRIES.key,
    )
  );
};

/** Reads what is of a shape. Throws AnswerError, in words: where it stands, what is there and what is wanted. */
function parsed<T>(shape: z.ZodType<T>, value: unknown, root: string): T {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const steps = issue?.path ?? [];
  const where = steps.reduce<string>(
    (path, step) =>
      typeof step === "number" ? `${path}[${step}]` : path === "" ? String(step) : `${path}.${String(step)}`,
    root,
  );
  const there = steps.reduce<unknown>(
    (inner, step) => (Array.isArray(inner) ? inner[Number(step)] : at(inner, String(step))),
    value,
  );
  if (issue?.code !== "invalid_type") throw new AnswerError(`${where}: ${issue?.message ?? "has another shape"}.`);
  throw new AnswerError(
    there === undefined ? `${where} is missing.` : `${where} holds ${kindOf(there)}, which AWS does not write there.`,
  );
}

const kindOf = (value: unknown): string =>
  value === null
    ? "null"
    : Array.isArray(value)
      ? "a list"
      : typeof value === "object"
        ? "an object"
        : `a ${typeof value === "string" ? "text" : typeof value}`;

/** The description: alone, or under `cluster` as the command prints it, also where that whole answer stands under the key. */
const clusterOf = (answer: unknown): unknown => {
  const under = at(answer, "cluster") ?? answer;
  return at(under, "cluster") ?? under;
};

/** What the AWS SDKs add to an answer. */
const METADATA = ["ResponseMetadata", "$metadata", "nextToken"];

/** A key beside `cluster` that nothing reads is a part that would be left out unseen. Throws AnswerError. */
function refuseOtherKeys(answer: Readonly<Record<string, unknown>>): void {
  if (!Object.hasOwn(answer, "cluster")) return;
  const known = ["cluster", ...PARTS.map(({ key }) => key)];
  const other = Object.keys(answer).find((key) => !known.includes(key) && !METADATA.includes(key));
  if (other === undefined) return;
  throw new AnswerError(
    `it holds "${other}", and beside cluster only ${known.slice(1).join(", ")} are read.${suggestion(other, known)}`,
  );
}

export const EKS_ANSWER: AnswerReader = {
  wanted:
    'the answer of aws eks describe-cluster, or {"cluster": …, "nodegroups": […], "addons": […], "accessEntries": […]}',
  isOne(answer) {
    const named = at(clusterOf(answer), "arn");
    return typeof named === "string" && /^arn:[^:]*:eks:/.test(named);
  },
  read(answer) {
    refuseOtherKeys(answer);
    const { cluster } = parsed(clusterAnswer, { cluster: dated(clusterOf(answer)) }, "");
    const nodegroups = listOf(nodegroupAnswer.shape.nodegroup, answer, NODEGROUPS, cluster.name);
    const addons = listOf(addonAnswer.shape.addon, answer, ADDONS, cluster.name);
    const accessEntries = entriesOf(answer, cluster.name);
    return describeManagedCluster({
      name: cluster.name,
      region: cluster.arn?.split(":")[3] ?? "",
      cluster,
      ...(nodegroups === undefined ? {} : { nodegroups }),
      ...(addons === undefined ? {} : { addons }),
      ...(accessEntries === undefined ? {} : { accessEntries }),
    });
  },
};
