import { count, decimal, plural, signed } from "@/components/format";
import { visible } from "@/components/name";
import { scoreText } from "@/lib/score-text";
import type { LedgerStep } from "../ledger";
import type { Mover } from "../mover/schema";
import { entryShows, LEAST_COVERAGE } from "../point/moved";
import type { ScoreItem } from "../score/schema";

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

/** What moved, as an entry of a ledger tells it. `lost`: of coverage, where it was told apart. */
interface Told {
  step: LedgerStep;
  resources: number;
  lost?: number | null | undefined;
}

/** Which way resources went out of and into sight, each with its number. */
function sightWords(resources: number, lost: number | null | undefined): string {
  if (lost === null || lost === undefined) return `${plural(resources, "resource")} seen again or lost sight of`;
  const again = resources - lost;
  if (lost === 0) return `${plural(again, "resource")} seen again`;
  return `${plural(lost, "resource")} lost sight of${again === 0 ? "" : `, ${count(again)} seen again`}`;
}

const SAY: Readonly<Record<LedgerStep, (resources: number, lost?: number | null) => string>> = {
  gone: (n) => `${plural(n, "resource")} gone`,
  appeared: (n) => `${plural(n, "resource")} appeared`,
  controls: (n) => `Controls changed for ${plural(n, "resource")}`,
  exemptions: (n) => `Exemptions changed for ${plural(n, "resource")}`,
  fixed: (n) => `${plural(n, "resource")} fixed`,
  broken: (n) => `${plural(n, "resource")} broken`,
  coverage: sightWords,
  weights: () => "Accounts weigh differently",
};

/** Which account counts more or less in the fleet's mean, at which score, and the cluster that made it so. */
function weightWords({ account, cluster, joined, weight }: Mover, others: number): string {
  if (weight === null) return SAY.weights(0);
  const score = weight.score === null ? "" : ` (score ${scoreText(weight.score)})`;
  const way = weight.heavier ? "more" : "less";
  const by =
    cluster === null ? "" : `: ${visible(cluster.name)} ${joined ? "joined" : weight.heavier ? "grew" : "shrank"}`;
  const rest = others === 0 ? "" : `, and ${plural(others, "other cluster")}`;
  return `${visible(account.name)}${score} counts ${way}${by}${rest}`;
}

/**
 * Why a score moved, in a few words. `mover`: who did most of it, with how many `others` beside; null or left out when it is not known,
 * or stands beside these words already.
 */
export function moveWords({ step, resources, lost }: Told, mover: Mover | null = null, others = 0): string {
  const said = SAY[step](resources, lost);
  if (mover === null) return said;
  if (step === "weights") return weightWords(mover, others);
  const place = visible(mover.cluster?.name ?? mover.account.name);
  return others === 0 ? `${said} in ${place}` : `${said}, most in ${place}`;
}

/** Why a day moved the score, its largest reasons first, in ever fewer words. Of several reasons each says its points. */
export function dayWords(
  parts: readonly (Told & { delta: number; mover: Mover | null; others: number })[],
): [whole: string, ...shorter: string[]] {
  const [first, ...more] = parts;
  if (first === undefined) return ["Many small moves"];
  if (more.length === 0) return [moveWords(first, first.mover, first.others), moveWords(first)];
  const all = (say: (part: (typeof parts)[number]) => string) =>
    parts.map((part) => `${say(part)} ${signed(part.delta)}`).join("; ");
  return [
    all((part) => moveWords(part, part.mover, part.others)),
    all((part) => moveWords(part)),
    all(({ step }) => STEP_WORDS[step].toLowerCase()),
  ];
}

/** That coverage fell or rose, in percentage points. `mover`: as for `moveWords`. */
export function coverageWords(change: number, mover: Mover | null = null): string {
  const said = `Coverage ${change < 0 ? "fell" : "rose"} by ${decimal(Math.abs(change) * 100)} percentage points`;
  return mover === null ? said : `${said} in ${visible(mover.cluster?.name ?? mover.account.name)}`;
}

/** A point's entries that show, largest first; the rest rounds to nothing. */
export const shownEntries = (ledger: ScoreItem["ledger"]): ScoreItem["ledger"] =>
  ledger.filter(entryShows).sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta));

/** Whether coverage changed from the point before so that it shows: before the first there is none. */
export const coverageShows = ({ first, coverageChange }: Pick<ScoreItem, "first" | "coverageChange">): boolean =>
  !first && Math.abs(coverageChange) >= LEAST_COVERAGE;

/** What moved a stored point most. `mover`: as for `moveWords`. */
export function pointWords(point: Pick<ScoreItem, "first" | "ledger" | "coverageChange">, mover: Mover | null): string {
  if (point.first) return "First reading";
  const [largest] = shownEntries(point.ledger);
  if (largest !== undefined) return moveWords(largest, mover);
  return coverageShows(point) ? coverageWords(point.coverageChange, mover) : "Nothing that shows in the score";
}

/** What accounts that weigh differently are, for who reads of them the first time. */
export const WEIGHTS_MEANING =
  "Weights: an account counts in the score by how many resources it has. One that grows or shrinks counts more or less beside the others, and that alone moves the score.";

/** What each step means, for who reads a ledger the first time. */
export const STEP_MEANING: Readonly<Record<LedgerStep, string>> = {
  gone: "Resources that a complete listing no longer has",
  appeared: "Resources seen for the first time",
  controls: "Controls that were added, changed or removed",
  exemptions: "Exemptions granted, ended or withdrawn",
  fixed: "Resources that now pass",
  broken: "Resources that now fail",
  coverage: "Resources that could, or could no longer, be evaluated",
  weights: "Accounts that count more or less in the fleet's mean, by how many resources they have",
};
