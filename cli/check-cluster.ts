import type { Readable } from "node:stream";
import { clusterFacts } from "@/domain/inventory/cluster-facts";
import type { Distribution } from "@/domain/inventory/schema";
import { AnswerError, type AnswerReaders, at, isMap } from "./cluster/answer";
import { AKS_ANSWER, ARC_ANSWER } from "./cluster/azure-answer";
import { EKS_ANSWER } from "./cluster/eks-answer";
import { GKE_ANSWER } from "./cluster/gke-answer";
import { readDocuments } from "./documents";
import { findSources, readSource } from "./sources";
import type { Tally } from "./tally";
import { UsageError } from "./usage-error";

const READERS: AnswerReaders = { aks: AKS_ANSWER, eks: EKS_ANSWER, gke: GKE_ANSWER, arc: ARC_ANSWER };

/**
 * Judges a managed cluster from the cloud's own JSON, through the connector's reader: a fact that the file does not hold is
 * absent, and what needs it is not evaluated. A file that is none, or another cloud's, is a problem of the tally.
 */
export async function checkCluster<W>(
  file: string,
  stdin: Readable,
  distribution: Distribution,
  tally: Tally<W>,
): Promise<void> {
  const reader = READERS[distribution];
  if (tally.asked.controls.every(({ appliesTo }) => !appliesTo.resources.includes("ManagedCluster")))
    throw new UsageError("None of these controls judges a managed cluster: check its objects with seawall check.");
  for (const found of findSources([file])) {
    if ("skipped" in found) continue;
    const source = "message" in found ? found : await readSource(found, stdin);
    if ("message" in source) {
      tally.problems.push(source);
      continue;
    }
    const [document, ...more] = [...readDocuments(source, false)];
    const problem = (message: string): void => void tally.problems.push({ file: source.file, message });
    if (document === undefined) problem(`is empty. Give ${reader.wanted}.`);
    else if ("message" in document) tally.problems.push(document);
    else if (more.length > 0) problem(`holds no single object. Give ${reader.wanted}.`);
    else if (!isMap(document.value)) problem(noOne(document.value, reader.wanted));
    else if (!reader.isOne(document.value)) problem(wrong(document.value, distribution));
    else {
      tally.documents += 1;
      const managed = await described(document.value, distribution);
      if (typeof managed === "string") problem(managed);
      else {
        const { name } = managed;
        const resource = { apiVersion: "", kind: "ManagedCluster", namespace: "", name };
        const key = { apiGroup: "", ...resource };
        const noted = tally.begin([
          {
            subject: { key, appliesTo: "ManagedCluster", object: { ...managed } },
            place: {
              resource,
              source: { file: source.file, document: 1, line: document.line },
              // Evidence stands in our words for the cluster, not in the cloud's.
              lines: { of: () => undefined },
              prefix: "",
            },
          },
        ]);
        const facts = { ...clusterFacts(managed, new Date()) };
        tally.judge(noted.map((one) => ({ noted: one, facts, between: undefined })));
      }
    }
  }
  if (tally.documents === 0 && tally.problems.length === 0) tally.problems.push({ file, message: "holds no cluster." });
}

async function described(answer: Readonly<Record<string, unknown>>, distribution: Distribution) {
  try {
    return await READERS[distribution].read(answer);
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    return `is not ${READERS[distribution].wanted}: ${error.message}`;
  }
}

/** What clouds' commands write that is not one cluster. */
function noOne(answer: unknown, wanted: string): string {
  const list = [answer, at(answer, "value"), at(answer, "clusters")].find(Array.isArray);
  if (list === undefined) {
    const code = at(at(answer, "error"), "code");
    const failed = typeof code === "string" ? ` It is an error of the cloud: ${code}.` : "";
    return `is not ${wanted}.${failed}`;
  }
  if (list.length === 0) return `holds an empty list. Give ${wanted}.`;
  const what = list.every((item) => typeof item === "string") ? "names clusters only" : `is a list of ${list.length}`;
  return `${what}, and holds no single object. Give one cluster: ${wanted}.`;
}

/** What the file is instead, if that can be told. */
function wrong(answer: Readonly<Record<string, unknown>>, distribution: Distribution): string {
  const other = (Object.keys(READERS) as Distribution[]).find((name) => READERS[name].isOne(answer));
  const { wanted } = READERS[distribution];
  return other === undefined
    ? noOne(answer, wanted)
    : `is not ${wanted}. It looks like a cluster of ${other}: use --distribution ${other}.`;
}
