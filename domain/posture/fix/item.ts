import { list, record, text } from "@/domain/inventory/json";
import { isWorkloadKind } from "@/domain/inventory/workload";
import { podSpecPath as pathOfPod } from "../engine-place";
import { type FixTarget, isMap, type Json } from "./target";

/** Where a kind keeps its pod's specification, in keys; undefined where it has none. */
export const podSpecPath = (kind: string): readonly string[] | undefined =>
  isWorkloadKind(kind) || kind === "PodTemplate" ? pathOfPod(kind).split(".") : undefined;

/** What stands under the keys; undefined where nothing does. */
export const under = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isMap(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), value);

export const podSpecOf = ({ kind, object }: FixTarget): unknown => under(object, podSpecPath(kind) ?? [""]);

/** A container that the evidence points at, with those of its mounts and variables that it names. */
export interface ContainerAtIssue {
  readonly list: string;
  readonly name: string;
  readonly container: Json;
  readonly mounts: unknown[];
  readonly variables: unknown[];
}
const LISTS = ["initContainers", "containers", "ephemeralContainers"] as const;
const IN_CONTAINER =
  /\b(initContainers|ephemeralContainers|containers)\[(\d{1,4})\](?:\.(volumeMounts|env)\[(\d{1,4})\])?/;

const numbered = (paths: readonly string[], key: string): number[] => {
  const found = paths.flatMap((path) => new RegExp(`(?:^|\\.)${key}\\[(\\d{1,4})\\]$`).exec(path)?.[1] ?? []);
  return [...new Set(found.map(Number))];
};

/** Items of a list of the object that the evidence names, such as its `webhooks`, with their places. */
export const itemsAtIssue = (target: FixTarget, key: string): { index: number; item: unknown }[] =>
  numbered(target.paths, key).map((index) => ({ index, item: list(record(target.object)[key])[index] }));

/** Volumes that the evidence names. */
export function volumesAtIssue(target: FixTarget): unknown[] {
  const volumes = list(record(podSpecOf(target)).volumes);
  return numbered(target.paths, "volumes").flatMap((index) => volumes[index] ?? []);
}

/** Containers that the evidence names, or that mount a volume which it names; names are what a strategic merge goes by. */
export function containersAtIssue(target: FixTarget): ContainerAtIssue[] {
  const spec = record(podSpecOf(target));
  const found = new Map<string, ContainerAtIssue>();
  const noted = (listName: string, container: unknown): ContainerAtIssue | undefined => {
    if (!isMap(container) || typeof container.name !== "string") return undefined;
    const key = `${listName}/${container.name}`;
    const one = found.get(key) ?? { list: listName, name: container.name, container, mounts: [], variables: [] };
    found.set(key, one);
    return one;
  };
  for (const path of target.paths) {
    const [, listName, index, within, item] = IN_CONTAINER.exec(path) ?? [];
    if (listName === undefined) continue;
    const one = noted(listName, list(spec[listName])[Number(index)]);
    const value = within === undefined ? undefined : list(one?.container[within])[Number(item)];
    if (value !== undefined) one?.[within === "env" ? "variables" : "mounts"].push(value);
  }
  const volumes = new Set(volumesAtIssue(target).map((volume) => text(record(volume).name)));
  for (const listName of LISTS)
    for (const container of list(spec[listName]))
      for (const mount of list(record(container).volumeMounts))
        if (volumes.has(text(record(mount).name))) noted(listName, container)?.mounts.push(mount);
  return [...found.values()];
}
