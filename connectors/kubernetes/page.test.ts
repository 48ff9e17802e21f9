import { describe, expect, test } from "vitest";
import { LISTED_KINDS, type ListedKind } from "@/domain/inventory/schema";
import { takeItem, toPage } from "./page";

const kindOf = (name: string): ListedKind => {
  const kind = LISTED_KINDS.find(({ kind }) => kind === name);
  if (kind === undefined) throw new Error(`${name} is not listed.`);
  return kind;
};
const list = (kind: string, apiVersion = "v1") => ({ kind: `${kind}List`, apiVersion });

describe("an item of a list", () => {
  test("keeps of managedFields the other versions it was written in, which later controls ask for", () => {
    const written = (...versions: unknown[]) =>
      takeItem(
        { metadata: { name: "a", namespace: "n", managedFields: versions.map((apiVersion) => ({ apiVersion })) } },
        list("Ingress", "networking.k8s.io/v1"),
        kindOf("Ingress"),
        false,
      )?.metadata.managedFields;
    const old = "networking.k8s.io/v1beta1";
    expect(written("networking.k8s.io/v1", old, old)).toEqual([{ apiVersion: old }]);
    expect(written("networking.k8s.io/v1")).toBeUndefined();
    expect(written(7, "", null)).toBeUndefined();
    expect(written(...Array.from({ length: 50 }, (_, at) => `v${at}`))).toHaveLength(8);
  });
  test("keeps of a pod's status what runs and whether it is over", () => {
    const status = {
      phase: "Running",
      podIP: "10.0.0.1",
      containerStatuses: [
        { name: "c", image: "i", imageID: "sha256:1", state: { running: {} }, restartCount: 4 },
        "odd",
      ],
      initContainerStatuses: "odd",
    };
    const pod = (status: unknown) =>
      takeItem({ metadata: { name: "a", namespace: "n" }, spec: {}, status }, list("Pod"), kindOf("Pod"), false);
    expect(pod(status)?.status).toEqual({
      phase: "Running",
      containerStatuses: [{ name: "c", image: "i", imageID: "sha256:1" }, "odd"],
      initContainerStatuses: "odd",
    });
    expect(pod("odd")?.status).toBe("odd");
    expect(pod(undefined)).not.toHaveProperty("status.phase");
  });
  test("that is none of the kind is counted as rejected", () => {
    const kind = kindOf("Pod");
    const items = [{ metadata: { name: "a", namespace: "n" } }, { metadata: { name: 7 } }, null, "x"];
    const answer = {
      ...list("Pod"),
      metadata: {},
      items: items.map((item) => takeItem(item, list("Pod"), kind, false)),
    };
    expect(toPage(answer, kind, "pods")).toMatchObject({ rejected: 3, objects: [{ kind: "Pod" }] });
  });
});
