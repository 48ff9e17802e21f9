import { CONTROL_PLANE_KINDS } from "@/domain/inventory/control-plane";
import type { MissingCause } from "@/domain/inventory/missing";
import { CONFIG_MAPS } from "@/domain/inventory/schema";
import type { Control, NotEvaluatedReason } from "@/domain/posture/schema";
import type { Cell } from "@/domain/posture/score";
import type { Collected } from "./collect";
import { KUBELET_KIND } from "./part";
import { MANAGED_KIND } from "./plan";

const OF_KIND: Readonly<Record<string, MissingCause>> = {
  ...Object.fromEntries(CONTROL_PLANE_KINDS.map((kind) => [kind, "flags"])),
  [KUBELET_KIND]: "silent-kubelets",
  [MANAGED_KIND]: "cloud",
};
const OF_REASON: Readonly<Partial<Record<NotEvaluatedReason, MissingCause>>> = {
  denied: "unlisted",
  unreachable: "unlisted",
  not_listed: "unlisted",
  stale: "unlisted",
  error: "error",
};
const READS_FACTS = /\bfacts\./;

/** Why an assessment of a resource of this kind could not be made. */
export function causeOf(kind: string, { outcome, open }: Cell, control: Control | undefined): MissingCause {
  if (open) return "not-rechecked";
  const reason = outcome.slice(2) as NotEvaluatedReason; // of a cell that is `e:`
  if (reason === "denied" && kind === KUBELET_KIND) return "kubelets";
  if (reason === "denied" && kind === CONFIG_MAPS.kind) return "config-maps";
  if (reason === "stale" && kind === MANAGED_KIND) return "cloud";
  if (reason !== "fact_absent") return OF_REASON[reason] ?? "error";
  const reads = READS_FACTS.test(`${control?.violates} ${control?.appliesTo.when}`);
  // What is worked out from lists is absent for want of these; all else that a resource is judged by is the cloud's.
  return reads ? "facts" : (OF_KIND[kind] ?? "cloud");
}

/** Why nothing of a kind is known. A right that is not granted is told only where it could be asked for. */
export function unknownCause(kind: string, { complete, failures, listed }: Collected): MissingCause {
  if (kind === MANAGED_KIND) return "cloud";
  if (CONTROL_PLANE_KINDS.includes(kind)) return complete.has("Pod") ? "control-plane" : "unlisted";
  if (kind === KUBELET_KIND) return (listed.Node ?? 0) > 0 ? "kubelets" : "unlisted";
  if (kind === CONFIG_MAPS.kind) return failures.has(kind) || complete.size === 0 ? "unlisted" : "config-maps";
  return "unlisted";
}
