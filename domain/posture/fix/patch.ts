import { parse, stringify } from "yaml";
import type { FixBlock, FixTarget } from "./fix";
import { filledIn } from "./placeholder";
import { shellWord } from "./quote";

type Json = Record<string, unknown>;
const record = (value: unknown): Json => (typeof value === "object" && value !== null ? (value as Json) : {});

/** Where a kind keeps its pod's specification. */
const POD_SPEC: Readonly<Record<string, readonly string[]>> = {
  Pod: ["spec"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
  ...Object.fromEntries(
    ["Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "ReplicationController", "Job"].map((kind) => [
      kind,
      ["spec", "template", "spec"],
    ]),
  ),
};
/** What a workload's own specification holds, and not its pods'; a CronJob keeps that of its Jobs in their template. */
const OWN: ReadonlySet<string> = new Set([
  ...["replicas", "strategy", "updateStrategy", "paused"],
  ...["concurrencyPolicy", "failedJobsHistoryLimit", "successfulJobsHistoryLimit"],
]);
const OF_JOB: ReadonlySet<string> = new Set(["activeDeadlineSeconds", "ttlSecondsAfterFinished"]);
const CONTAINER = /(initContainers|ephemeralContainers|containers)\[(\d{1,4})\]/;

const within = (path: readonly string[], value: unknown): Json =>
  path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as Json; // at least one key

/** Containers that the evidence points at, by list and name; names are what a strategic merge goes by. */
function containersOf(target: FixTarget): Map<string, string[]> {
  const spec = (POD_SPEC[target.kind] ?? []).reduce<unknown>((value, key) => record(value)[key], target.object);
  const found = new Map<string, string[]>();
  for (const path of target.paths) {
    const [, list, index] = CONTAINER.exec(path) ?? [];
    if (list === undefined) continue;
    const containers = record(spec)[list];
    const name = record(Array.isArray(containers) ? containers[Number(index)] : undefined).name;
    if (typeof name !== "string") continue;
    const names = found.get(list) ?? [];
    if (!names.includes(name)) found.set(list, [...names, name]);
  }
  return found;
}

/** The whole patch for this object; null when the fragment cannot be placed in it. */
function placed(fragment: Json, target: FixTarget): Json | null {
  const path = POD_SPEC[target.kind];
  const keys = Object.keys(record(fragment.spec));
  if (keys.length > 0 && keys.every((key) => OWN.has(key))) return fragment;
  if (/Job$/.test(target.kind) && keys.length > 0 && keys.every((key) => OF_JOB.has(key)))
    return target.kind === "Job" ? fragment : within(["spec", "jobTemplate"], fragment);
  if ("spec" in fragment && Object.keys(fragment).length === 1)
    return path === undefined ? fragment : within(path, fragment.spec);
  if (path === undefined) return null;
  const containers = containersOf(target);
  const ofPod =
    "securityContext" in fragment && target.paths.some((one) => one === `${path.join(".")}.securityContext`);
  if (containers.size === 0 && !ofPod) return null;
  const lists = [...containers].map(([list, names]) => [list, names.map((name) => ({ name, ...fragment }))]);
  return within(path, { ...(ofPod ? fragment : {}), ...Object.fromEntries(lists) });
}

/** `kind.group/name`: with the kind before it, no name can be read as an option. */
const resourceWord = (target: FixTarget): string | null =>
  shellWord(`${target.kind.toLowerCase()}${target.apiGroup === "" ? "" : `.${target.apiGroup}`}/${target.name}`);

const yaml = (value: unknown): string => stringify(value, { lineWidth: 0 });
const openIn = (value: unknown): string | null =>
  JSON.stringify(value).includes("{{object.") ? "Fill in what stands in {{ }}: the resource does not say it." : null;
const UNNAMED = "The name holds characters that no shell takes safely; type the command yourself.";

/**
 * The control's patch as a file for this very object, with the command that applies it. A whole manifest is applied; a fragment
 * goes to the pod's specification or to the containers that violate. A fragment that cannot be placed is shown as it is.
 */
export function patchFor(patch: string, target: FixTarget): FixBlock[] {
  let parsed: unknown;
  try {
    parsed = parse(patch);
  } catch {
    return [{ id: "patch", title: "YAML patch", text: patch, open: null }];
  }
  const fragment = record(filledIn(parsed, target.object));
  const namespace = target.namespace === "" ? "" : shellWord(target.namespace);
  const scope = namespace === "" || namespace === null ? "" : ` --namespace=${namespace}`;
  if (typeof fragment.kind === "string") {
    // A policy for a namespace is about that namespace, whatever the resource that lacks it is called.
    const home = target.kind === "Namespace" ? target.name : target.namespace;
    const named = {
      name: `${fragment.kind.toLowerCase()}-for-${target.name}`.slice(0, 63),
      ...record(fragment.metadata),
    };
    const manifest = { ...fragment, metadata: { ...named, ...(home === "" ? {} : { namespace: home }) } };
    const { apiVersion, kind, metadata, ...rest } = manifest as Json;
    return [
      {
        id: "patch",
        title: "YAML, for kubectl apply -f fix.yaml",
        text: yaml({ apiVersion, kind, metadata, ...rest }),
        open: "Set selectors, ports and hosts to yours.",
      },
    ];
  }
  const whole = placed(fragment, target);
  if (whole === null) return [{ id: "patch", title: "YAML patch", text: yaml(fragment), open: openIn(fragment) }];
  const word = resourceWord(target);
  const unsafe = word === null || namespace === null;
  return [
    {
      id: "patch",
      title: "YAML patch, fix.yaml",
      text: unsafe ? yaml(whole) : `# kubectl${scope} patch ${word} --patch-file=fix.yaml\n${yaml(whole)}`,
      open: unsafe ? UNNAMED : openIn(whole),
    },
  ];
}
