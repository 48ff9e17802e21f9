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

/** Counts the images that a pod's status says it runs into `images`, keyed by `imageKey`. Finished pods run nothing. */
export function countImages(
  images: Map<string, RunningImage>,
  pod: KubernetesObject,
  owner: { kind: string; name: string },
): void {
  if (isFinished(pod)) return;
  const status = record(pod.status);
  for (const field of ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"]) {
    for (const item of list(status[field])) {
      const { name, image, imageID } = record(item);
      if (text(name) === "" || text(image) === "") continue;
      const one = {
        namespace: pod.metadata.namespace ?? "",
        ownerKind: owner.kind,
        ownerName: owner.name,
        container: text(name),
        image: text(image),
        digest: DIGEST.exec(text(imageID))?.[0] ?? "",
      };
      const key = imageKey(one);
      const known = images.get(key);
      if (known) known.pods++;
      else images.set(key, { ...one, pods: 1 });
    }
  }
}
