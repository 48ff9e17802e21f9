import { expect, it } from "vitest";
import { loadControls } from "@/domain/posture/load";
import { findRequirement } from "../catalogue";
import type { RequirementState } from "../schema";
import { type AssessmentRecord, assessmentRow, type Pair, requirementRow } from "./row";

const subject = { id: "cis-aks-1.8", version: "1.8", exemptions: "with" } as const;
const record: AssessmentRecord = {
  ...{ requirementAt: 1, clusterAt: 1, namespace: "", kind: "Node", name: "n", code: "u", open: true, message: "Bad." },
  ...{ controlId: "SW-0377", evidence: null, owner: null, notRechecked: null, firstSeenAt: null, lastSeenAt: null },
  ...{ exemption: null, exemptionId: null, exemptionReason: null, exemptionEvidence: null },
  ...{ exemptionRequestedBy: null, exemptionApprovedBy: null, exemptionUntil: null },
};
function pairOf(id: string, state: RequirementState, distribution = "aks"): Pair {
  const found = findRequirement(subject.id, id);
  if (found === null) throw new Error(`no requirement ${id}`);
  const { section, requirement } = found;
  const names = { name: "web", accountName: "mine", externalId: "ext", provider: "azure" };
  return { section, requirement, state, said: null, cluster: { id: "c", distribution, ...names, lastScanAt: null } };
}

it("says why a person is needed only where nothing was decided", () => {
  const of = (state: RequirementState) => requirementRow(subject, pairOf("3.2.4", state));
  for (const open of ["manual", "not_evaluated"] as const) {
    expect(of(open).evidence).toMatch(/permission/);
    expect(of(open).remediation).not.toBe("");
  }
  for (const decided of ["failed", "passed", "exempted", "not_applicable"] as const)
    expect([of(decided).evidence, of(decided).remediation]).toEqual(["", ""]);
});

it("gives the steps of the cluster's own platform", () => {
  const control = loadControls().find(({ id }) => id === record.controlId);
  const steps = control?.remediation.steps;
  if (control === undefined || typeof steps !== "object") throw new Error("the control has no steps by distribution");
  const of = (distribution: string) => assessmentRow(subject, pairOf("3.2.4", "failed", distribution), record, control);
  expect(of("aks").remediation).toBe(steps.aks?.trim());
  expect(of("arc").remediation).toBe(steps.default?.trim());
  expect(of("aks").remediation).not.toBe(of("arc").remediation);
});
