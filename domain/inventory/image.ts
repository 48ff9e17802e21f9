import { list, record, text } from "./json";
import type { KubernetesObject } from "./schema";
import { isFinished } from "./workload";

export interface RunningImage {
  namespace: string;
  ownerKind: string;
  ownerName: string;
  container: string;
  image: string;
  /** `sha256:…`; empty when the kubelet has not said which one runs. */
  digest: string;
  pods: number;
}

const DIGEST = /sha256:[0-9a-f]{64}/;

export const imageKey = (image: Omit<RunningImage, "pods">): string =>
  [image.namespace, image.ownerKind, image.ownerName, image.container, image.image, image.digest].join("\n");

/** One container as a pod's status tells of it: container, image, digest. */
type Running = readonly [container: string, image: string, digest: string];

/** What a pod's status says it runs, as text that is stored with it. Finished pods run nothing. */
export function runningOf(pod: KubernetesObject): string {
  const running: Running[] = [];
  const status = isFinished(pod) ? {} : record(pod.status);
  for (const field of ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"]) {
    for (const item of list(status[field])) {
      const { name, image, imageID } = record(item);
      if (text(name) === "" || text(image) === "") continue;
      running.push([text(name), text(image), DIGEST.exec(text(imageID))?.[0] ?? ""]);
    }
  }
  return JSON.stringify(running);
}

/** Counts what a pod of `owner` runs (`runningOf`) into `images`, keyed by `imageKey`. */
export function countImages(
  images: Map<string, RunningImage>,
  running: string,
  namespace: string,
  owner: { kind: string; name: string },
): void {
  for (const [container, image, digest] of JSON.parse(running) as Running[]) {
    const one = { namespace, ownerKind: owner.kind, ownerName: owner.name, container, image, digest };
    const key = imageKey(one);
    const known = images.get(key);
    if (known) known.pods++;
    else images.set(key, { ...one, pods: 1 });
  }
}
