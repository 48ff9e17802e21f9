import { z } from "zod";
import { addonAnswer, clusterAnswer, nodegroupAnswer } from "@/connectors/eks/answers";
import { describeManagedCluster } from "@/connectors/eks/describe";
import { AnswerError, type AnswerReader, at, isMap } from "./answer";

const arn = z.string().min(1).max(2048);

/** `aws` writes times as text, the API as seconds. The SDK, whose words the connector reads, has dates. */
function dated(cluster: unknown): unknown {
  if (!isMap(cluster)) return cluster;
  const { createdAt, ...rest } = cluster;
  const time =
    typeof createdAt === "number" ? createdAt * 1000 : typeof createdAt === "string" ? createdAt : Number.NaN;
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? rest : { ...rest, createdAt: date };
}

/** An entry as it is described alone (`{"nodegroup": {…}}`), or bare. */
const bare =
  (key: string) =>
  (entry: unknown): unknown =>
    at(entry, key) ?? entry;

function listOf<T>(shape: z.ZodType<T>, answer: unknown, key: string, item: string, call: string): T[] | undefined {
  const list = at(answer, key);
  if (list === undefined) return undefined;
  if (Array.isArray(list) && list.some((entry) => typeof entry === "string"))
    throw new AnswerError(`${key} holds names only: give the answers of ${call} instead.`);
  const parsed = z
    .array(shape)
    .max(1000)
    .safeParse(Array.isArray(list) ? list.map(bare(item)) : list);
  if (parsed.success) return parsed.data;
  throw new AnswerError(`${key}: ${said(parsed.error)}`);
}

const said = (error: z.ZodError): string => {
  const [issue] = error.issues;
  return issue === undefined ? "has another shape." : `${issue.path.map(String).join(".")}: ${issue.message}`;
};

/** Access entries by their principal: as listed, or as described. */
function entriesOf(answer: unknown): string[] | undefined {
  const list = at(answer, "accessEntries");
  if (list === undefined) return undefined;
  const principals = Array.isArray(list)
    ? list.map((entry: unknown) => at(bare("accessEntry")(entry), "principalArn") ?? entry)
    : list;
  const parsed = z.array(arn).max(10_000).safeParse(principals);
  if (parsed.success) return parsed.data;
  throw new AnswerError(`accessEntries: ${said(parsed.error)}`);
}

const clusterOf = (answer: unknown): unknown => at(answer, "cluster") ?? answer;

export const EKS_ANSWER: AnswerReader = {
  wanted:
    'the answer of aws eks describe-cluster, or {"cluster": …, "nodegroups": […], "addons": […], "accessEntries": […]}',
  isOne(answer) {
    const named = at(clusterOf(answer), "arn");
    return typeof named === "string" && /^arn:[^:]*:eks:/.test(named);
  },
  read(answer) {
    const parsed = clusterAnswer.safeParse({ cluster: dated(clusterOf(answer)) });
    if (!parsed.success) throw new AnswerError(said(parsed.error));
    const { cluster } = parsed.data;
    const nodegroups = listOf(nodegroupAnswer.shape.nodegroup, answer, "nodegroups", "nodegroup", "describe-nodegroup");
    const addons = listOf(addonAnswer.shape.addon, answer, "addons", "addon", "describe-addon");
    const accessEntries = entriesOf(answer);
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
