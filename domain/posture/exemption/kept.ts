import { z } from "zod";
import type { Exemption } from "../score";
import type { Reach } from "./reach";
import { EXEMPTION_TYPES, type ExemptionTarget, keptTargets } from "./schema";

const keptExemption = z.object({ type: z.enum(EXEMPTION_TYPES), targets: keptTargets });
const MOST_SAID = 3;

/** An exemption as its row holds it: another version of Seawall may have written it. */
export interface KeptRow {
  type: unknown;
  targets: unknown;
}
/** What an exemption says, or why it cannot be read. */
export type Kept =
  | { readable: true; type: Exemption; targets: ExemptionTarget[] }
  | { readable: false; problem: string };

/**
 * Reads a stored exemption whole or not at all: a target of which a part was dropped would hold for more than anybody asked for.
 * One that cannot be read holds for nothing.
 */
export function readKept({ type, targets }: KeptRow): Kept {
  const parsed = keptExemption.safeParse({ type, targets });
  if (parsed.success) return { readable: true, ...parsed.data };
  const { issues } = parsed.error;
  const said = issues.slice(0, MOST_SAID).map(({ path, message }) => `${path.join(".")}: ${message}`);
  const more = issues.length - said.length;
  return { readable: false, problem: `${said.join("; ")}${more > 0 ? `; and ${more} more` : ""}` };
}

/** The targets to look at when an exemption begins or ends. One that cannot be read may have held wherever it reaches. */
export function movedBy(row: KeptRow & Reach): ExemptionTarget[] {
  const kept = readKept(row);
  if (kept.readable) return kept.targets;
  return row.everywhere ? [{}] : row.accountIds.map((account) => ({ account }));
}
