import type { NotEvaluatedReason, ScoreGroup, Severity } from "../schema";

/** Words for the closed sets of posture, in their order. Types only are imported, so that a leaf in the browser stays small. */
export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  critical: "Critical",
  high: "High",
  medium: "Medium",
  low: "Low",
};
export const severityWord = (severity: Severity): string => SEVERITY_WORDS[severity];

export const GROUP_WORDS: Readonly<Record<ScoreGroup, string>> = {
  vulnerabilities: "Vulnerabilities",
  "security-configurations": "Security configurations",
  "access-and-permissions": "Access and permissions",
  "encryption-at-rest": "Encryption at rest",
  "data-in-transit": "Data in transit",
  "network-access": "Network access",
  "denial-of-service": "Denial of service protection",
  "auditing-and-logging": "Auditing and logging",
  "best-practices": "Best practices",
};

const NOT_EVALUATED_WORDS: Readonly<Record<NotEvaluatedReason, string>> = {
  fact_absent: "A fact that the control needs was not told",
  error: "The control ended with an error",
  denied: "Seawall may not read it",
  unreachable: "The cluster cannot be reached",
  not_listed: "The list that it is in could not be read whole",
  stale: "Nobody has looked since the cluster came back, or its cloud described it",
};
/** Why something was not evaluated; a reason of another version is said as it is. */
export const notEvaluatedWords = (reason: string): string =>
  (NOT_EVALUATED_WORDS as Readonly<Record<string, string>>)[reason] ?? reason;

/** A closed set as the options of a facet, in its own order. */
export const optionsOf = (words: Readonly<Record<string, string>>): { value: string; label: string }[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));
