import { count, plural } from "@/components/format";
import type { LedgerStep } from "../ledger";

/** The ledger's steps in one word each, in the order of the replay. */
export const STEP_WORDS: Readonly<Record<LedgerStep, string>> = {
  gone: "Gone",
  appeared: "Appeared",
  controls: "Controls",
  exemptions: "Exemptions",
  fixed: "Fixed",
  broken: "Broken",
  coverage: "Coverage",
  weights: "Weights",
};

const SAY: Readonly<Record<LedgerStep, (resources: number) => string>> = {
  gone: (n) => `${plural(n, "resource")} gone`,
  appeared: (n) => `${plural(n, "resource")} appeared`,
  controls: (n) => `Controls changed for ${plural(n, "resource")}`,
  exemptions: (n) => `${plural(n, "resource")} exempted or no longer`,
  fixed: (n) => `${plural(n, "resource")} fixed`,
  broken: (n) => `${plural(n, "resource")} broken`,
  coverage: (n) => `${count(n)} seen again or lost sight of`,
  weights: () => "Accounts weigh differently",
};

/** Why a score moved, in a few words. */
export const moveWords = (step: LedgerStep, resources: number): string => SAY[step](resources);

/** What each step means, for who reads a ledger the first time. */
export const STEP_MEANING: Readonly<Record<LedgerStep, string>> = {
  gone: "Resources that a complete listing no longer has",
  appeared: "Resources seen for the first time",
  controls: "Controls that were added, changed or removed",
  exemptions: "Exemptions granted, ended or withdrawn",
  fixed: "Resources that now pass",
  broken: "Resources that now fail",
  coverage: "Resources that could, or could no longer, be evaluated",
  weights: "Accounts that count more or less in the fleet's mean",
};
