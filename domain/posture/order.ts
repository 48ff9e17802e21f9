import { SEVERITY_RANK, type Severity } from "./schema";

/** What recommendations are ordered by. */
interface Ranked {
  control: { id: string; severity: Severity };
  unhealthy: number;
  /** Points; told apart as they are printed, by 0.1. */
  increase: number;
}
/** Points that only what people can change brings, told apart as they are printed. */
interface Own extends Ranked {
  own: number;
}
const severity = (a: Ranked, b: Ranked): number =>
  SEVERITY_RANK[b.control.severity] - SEVERITY_RANK[a.control.severity];
const increase = (a: Ranked, b: Ranked): number => Math.round(b.increase * 10) - Math.round(a.increase * 10);
const amount = (a: Ranked, b: Ranked): number => b.unhealthy - a.unhealthy || a.control.id.localeCompare(b.control.id);

/** What to fix first: the gravest; among equals what raises the score most, then what is unhealthy most often. */
export const byWorst = (a: Ranked, b: Ranked): number => severity(a, b) || increase(a, b) || amount(a, b);

/** Whether changing what is people's own raises the score by what is printed. */
export const ownRaises = ({ own }: Pick<Own, "own">): boolean => Math.round(own * 10) > 0;

/** What people can raise the score most by; among equals the gravest. */
export const byOwn = (a: Own, b: Own): number => byIncrease({ ...a, increase: a.own }, { ...b, increase: b.own });

/** What raises the score most first; among equals the gravest. */
export const byIncrease = (a: Ranked, b: Ranked): number => increase(a, b) || severity(a, b) || amount(a, b);
