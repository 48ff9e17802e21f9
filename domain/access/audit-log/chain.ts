import { type AuditRecord, digestOf, FIRST_LINK, linkOf } from "./canonical";

/** An entry as it is stored: its record, and its place in the chain. */
export interface ChainedRecord {
  /** Null: it was written past the trigger that chains entries. */
  seq: bigint | null;
  digest: Buffer;
  hash: Buffer | null;
  record: AuditRecord;
}
export interface Head {
  seq: bigint;
  hash: Buffer;
}
export type Verdict =
  | { whole: true; entries: bigint; head: Head }
  | { whole: false; seq: bigint | null; id: string | null; reason: string };

/** Walks entries in order of `seq` (those without one last) against the chain's head; names the first that is broken. */
export async function verifyChain(
  entries: AsyncIterable<ChainedRecord>,
  head: Head | null,
  expected?: Head,
): Promise<Verdict> {
  let seq = 0n;
  let link = FIRST_LINK;
  let seen = expected === undefined || expected.seq === 0n;
  for await (const { seq: place, digest, hash, record } of entries) {
    const broken = (reason: string, at: bigint | null = place, id: string | null = record.id): Verdict => ({
      whole: false,
      seq: at,
      id,
      reason,
    });
    if (place === null) return broken("was written past the chain: it has no place in it");
    if (place !== seq + 1n) return broken("is missing", seq + 1n, null);
    if (!digestOf(record).equals(digest)) return broken("was changed after it was written");
    link = linkOf(link, digest);
    if (hash === null || !hash.equals(link)) return broken("does not follow from the entry before it");
    seq = place;
    if (expected?.seq === seq) {
      if (!expected.hash.equals(link))
        return broken("is not the entry that stood here when the expected head was noted");
      seen = true;
    }
  }
  const missing = (at: bigint, reason: string): Verdict => ({ whole: false, seq: at, id: null, reason });
  if (head === null) return missing(seq, "is the last one here, and the head of the chain is gone");
  if (head.seq > seq) return missing(seq + 1n, "is missing: the newest entries were cut off");
  if (head.seq < seq || !head.hash.equals(link)) return missing(seq, "is not the one that the head of the chain names");
  if (!seen) return missing(seq + 1n, "is missing: the log is shorter than when the expected head was noted");
  return { whole: true, entries: seq, head };
}
