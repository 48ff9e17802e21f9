import type pg from "pg";
import type { PgBoss } from "pg-boss";
import type { ReaderOptions } from "@/connectors/kubernetes/client";
import type { KeyRing } from "@/lib/crypto";
import type { Clock } from "@/lib/time";

/** What every handler is given. */
export interface World {
  pool: pg.Pool;
  boss: PgBoss;
  ring: KeyRing;
  clock: Clock;
  /** How long and how often a cluster's API is asked; absent: as the account says. */
  patience?: Pick<ReaderOptions, "timeoutMs" | "retryLimit" | "pageSize">;
}
