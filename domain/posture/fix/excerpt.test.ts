import { describe, expect, it } from "vitest";
import { excerpt, stepsOfPath } from "./excerpt";

const pod = {
  spec: {
    hostNetwork: true,
    containers: [
      { name: "a" },
      {
        name: "api",
        args: ["--password=hunter2"],
        env: [
          { name: "KEY", value: "s3cret" },
          { name: "REF", valueFrom: { secretKeyRef: { name: "db" } } },
        ],
      },
    ],
  },
};
const text = (path: string) => excerpt(pod, path)?.map((line) => `${line.hit ? "> " : "  "}${line.text}`);

describe("an excerpt of evidence", () => {
  it("marks the very lines that the path names", () => {
    expect(text("spec.hostNetwork")).toContain("> hostNetwork: true");
    expect(text("spec.hostNetwork")?.filter((line) => line.startsWith(">"))).toHaveLength(1);
    expect(text("spec.containers[1].env[0]")).toEqual(["> - name: KEY", ">   value: •••"]);
  });

  it("never shows what may be a secret", () => {
    for (const path of ["spec.containers[1]", "spec.containers[1].env[0]", "spec", "spec.containers"])
      expect(JSON.stringify(excerpt(pod, path))).not.toMatch(/hunter2|s3cret/);
  });

  it("shows the nearest thing that exists when the path names what is missing", () => {
    expect(text("spec.containers[0].resources.limits")).toEqual(["  - name: a"]);
    expect(excerpt(pod, "status.phase")).toBeNull();
  });

  it("reads paths, and refuses what is none", () => {
    expect(stepsOfPath("spec.a-b[0].c")).toEqual(["spec", "a-b", 0, "c"]);
    expect(stepsOfPath('metadata.labels["x.y/z"]')).toEqual(["metadata", "labels", "x.y/z"]);
    expect(stepsOfPath("")).toBeNull();
    expect(stepsOfPath("a b")).toBeNull();
    expect(excerpt({ a: 1 }, "__proto__.x")).toBeNull();
  });
});
