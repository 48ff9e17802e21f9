import * as sts from "@aws-sdk/client-sts";
import { NormalizedSchema } from "@smithy/core/schema";
import { describe, expect, it } from "vitest";
import { conform } from "./aws/conform";
import { checkContainerService } from "./azure/fidelity";
import { ContentCache } from "./content";
import { createCore } from "./core";
import { published } from "./published";
import { checkObject } from "./published-object";
import { DAY_MS } from "./scenario";

const metadata = { name: "a", uid: "u", creationTimestamp: "2026-01-01T00:00:00Z" };
const pod = (spec: object) => ({ apiVersion: "v1", kind: "Pod", metadata, spec });

describe("answers are held against their definitions", () => {
  it("finds a field that a Kubernetes object does not have, lacks, or has otherwise", () => {
    checkObject(pod({ containers: [{ name: "c", securityContext: { privileged: true } }] }));
    for (const [spec, said] of [
      [
        { containers: [{ name: "c", privileged: true }] },
        "Pod.spec.containers.privileged: Container has no such field",
      ],
      [{ containers: [{ image: "i" }] }, "Pod.spec.containers lacks name, which Container requires"],
      [{ containers: [{ name: "c", securityContext: { privileged: "yes" } }] }, "privileged has the wrong type"],
      [{ containers: {} }, "Pod.spec.containers is no list"],
    ] as const)
      expect(() => checkObject(pod(spec))).toThrow(said);
    expect(() => checkObject({ ...pod({ containers: [] }), metadata: { name: "a" } })).toThrow("lacks uid");
    expect(() => checkObject({ kind: "Rollout", metadata })).toThrow("no definition of Rollout");
  });

  it("knows every object of the whole estate, all through its month", () => {
    const core = createCore({ anchor: new Date("2026-11-21T00:00:00Z") });
    const cache = new ContentCache(core.world);
    let objects = 0;
    for (const { base } of core.world.plans) {
      for (const day of [-30, 0, 20]) {
        const content = cache.at(base.id, new Date(core.world.anchor.getTime() + day * DAY_MS));
        for (const list of content?.lists.values() ?? []) objects += list.length;
      }
    }
    expect(objects).toBeGreaterThan(10_000);
  });

  it("finds what a protocol's page does not have", () => {
    const token = { accessToken: "t", expireTime: "2026-11-21T10:00:00Z" };
    expect(published("googleImpersonation", token)).toBe(token);
    expect(() => published("googleImpersonation", { ...token, scope: "x" })).toThrow("scope");
    expect(() => published("googleImpersonation", { accessToken: "t" })).toThrow("expireTime");
    expect(() => published("entraToken", { token_type: "Bearer", expires_in: 1, ext_expires_in: 1 })).toThrow(
      "access_token",
    );
    expect(() => published("diagnosticSettings", { value: [{ name: "n" }] })).toThrow("diagnosticSettings");
  });

  it("finds a member that the AWS model requires and the answer lacks", () => {
    const answer = NormalizedSchema.of(sts.AssumeRoleResponse$);
    const credentials = { AccessKeyId: "A", SecretAccessKey: "s", SessionToken: "t", Expiration: new Date() };
    conform(answer, { Credentials: credentials });
    expect(() => conform(answer, { Credentials: { ...credentials, SessionToken: undefined } })).toThrow(
      "$.Credentials: Credentials lacks the required member SessionToken",
    );
    expect(() => conform(answer, { Token: "t" })).toThrow("no member Token");
  });

  it("finds what the container service's own client would drop", async () => {
    const value = Buffer.from("apiVersion: v1").toString("base64");
    await checkContainerService("credentials", { kubeconfigs: [{ name: "clusterUser", value }] });
    await expect(checkContainerService("credentials", { kubeconfigs: [{ name: "n", secret: value }] })).rejects.toThrow(
      "does not know the field",
    );
  });
});
