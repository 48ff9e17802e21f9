import { describe, expect, it } from "vitest";
import { cloudUnknown } from "./engine-unknown";

describe("what is not known of a cluster", () => {
  it.each([
    [
      "aks",
      "object.logging.audit",
      /audit log is collected\. `az aks show` does not hold diagnostic settings: .*az monitor/,
    ],
    ["aks", "object.logging", /does not hold diagnostic settings/],
    ["aks", "object.logging.workloads", /Ask with an identity/],
    ["eks", "object.identity.administrators", /takes no access policies: .*list-associated-access-policies/],
    ["eks", "nodePool.publicNodes", /does not hold subnets and launch templates/],
    ["eks", "object.security.threatDetection", /GuardDuty watches accounts/],
    ["gke", "object.logging.audit", /project's IAM policy/],
    ["gke", "object.api.authorizedRanges", /Ask with an identity/],
    [
      "arc",
      "object.api.publicEndpoint",
      /^The cloud's .* endpoint\. Azure does not tell this of Arc clusters: look at the flags/,
    ],
    ["arc", "object.encryption", /does not tell this of Arc clusters: look at the encryption configuration/],
    ["arc", "object.nodePools", /does not tell this of Arc clusters: look at its nodes/],
    ["arc", "object.identity.workloadIdentity", /Ask with an identity/],
    ["arc", "object.security", /does not hold extensions: .*az k8s-extension list/],
    ["arc", "object.version", /Ask with an identity/],
    [undefined, "cluster.logging.audit", /Ask with an identity/],
  ])("of %s, %s is said with where it stands", (distribution, path, said) => {
    expect(cloudUnknown(path, distribution)).toMatch(said);
  });
});
