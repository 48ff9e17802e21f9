import { describe, expect, it } from "vitest";
import { imageName } from "./image-name";

describe("an image's name", () => {
  it.each([
    [
      "602401143452.dkr.ecr.eu-central-1.amazonaws.com/eks/coredns:v1.11.4",
      "602401143452.dkr.ecr.eu-central-1.amazonaws.com",
      "eks/coredns:v1.11.4",
    ],
    ["localhost/app", "localhost", "app"],
    ["registry:5000/team/app:1", "registry:5000", "team/app:1"],
    ["grafana/grafana:12.1", "", "grafana/grafana:12.1"],
    ["nginx", "", "nginx"],
    ["nginx:1.29", "", "nginx:1.29"],
    [`ghcr.io/a/b:1@sha256:${"0".repeat(64)}`, "ghcr.io", "a/b:1"],
    [`sha256:${"0".repeat(64)}`, "", `sha256:${"0".repeat(64)}`],
    ["example.com/", "", "example.com/"],
    ["", "", ""],
  ])("%s comes from %j and is %j", (reference, registry, image) => {
    expect(imageName(reference)).toEqual({ image, registry });
  });
});
