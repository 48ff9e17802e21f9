import type { Budget } from "./disruption";
import type { Rule } from "./rbac";

/** Same names and shapes as posture's `DerivedFacts`, which this room may not import. */
export interface Facts {
  selectedByIngressPolicy?: boolean;
  selectedByEgressPolicy?: boolean;
  exposedBy?: string[];
  tokenMounted?: boolean;
  reach?: string[];
  namespaceReach?: string[];
  workloads?: number;
  defaultDenyIngress?: boolean;
  rules?: Rule[];
  grants?: string[];
  builtIn?: boolean;
  kubeletSkew?: number;
  selects?: number;
  defaultDenyEgress?: boolean;
  quotas?: number;
  limitRanges?: number;
  bindings?: number;
  budget?: Budget;
  writtenAs?: string[];
  powers?: string[];
  roleExists?: boolean;
  missingSubjects?: string[];
  allowsAll?: string[];
  opensMetadata?: boolean;
  missingBackends?: string[];
  missingServices?: string[];
  expiredCas?: string[];
  osSupported?: boolean;
  kubeletSupported?: boolean;
  notReadyDays?: number;
  cordonedDays?: number;
  poolVersions?: number;
  versionSupported?: boolean;
  agentCertificateDays?: number;
}

/** Drops what could not be derived, so that a fact is either there or absent. */
export const known = (facts: { [K in keyof Facts]: Facts[K] | undefined }): Facts =>
  Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Facts;
