import { expect, test } from "vitest";
import { ownerOf } from "./owner";

const object = (labels?: Record<string, unknown>, annotations?: Record<string, unknown>) =>
  ownerOf({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels, annotations } as never });

test.each([
  ["nothing is written", undefined, undefined, null],
  ["a label", { team: "checkout" }, undefined, "checkout"],
  ["owner goes before team", { team: "checkout", owner: "ann" }, undefined, "ann"],
  ["behind the company's prefix", { "shop.example/team": "checkout" }, undefined, "checkout"],
  ["the bare word goes before the prefixed", { "shop.example/team": "b", team: "a" }, undefined, "a"],
  ["an annotation", {}, { "shop.example/owner": "checkout@shop.example" }, "checkout@shop.example"],
  ["a label goes before an annotation", { team: "checkout" }, { owner: "ann" }, "checkout"],
  ["an empty label says nothing", { owner: "" }, { owner: "ann" }, "ann"],
  ["a tool's own word", { "node.k8s.io/owner": "kubelet", "app.kubernetes.io/owner": "helm" }, undefined, null],
  ["part of an application is no owner", { "app.kubernetes.io/part-of": "shop" }, undefined, null],
  ["what is no text", { owner: 7 }, { team: ["a"] }, null],
  ["what no database keeps", { owner: "a\0b" }, { owner: "x".repeat(300) }, null],
])("%s", (_name, labels, annotations, owner) => {
  expect(object(labels, annotations)).toBe(owner);
});
