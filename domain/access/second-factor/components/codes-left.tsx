import { BACKUP_CODES } from "../code";

/** How many backup codes are left, and what to do when they run out. */
export function CodesLeft({ left }: { left: number }) {
  const advice = left <= 3 ? " Make new ones before they run out." : "";
  return `${left === 0 ? "None" : left} of ${BACKUP_CODES} backup codes ${left === 1 ? "is" : "are"} left.${advice}`;
}
