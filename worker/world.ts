import type pg from "pg";
import type { PgBoss } from "pg-boss";
import type { KeyRing } from "@/lib/crypto";
import type { Clock } from "@/lib/time";

/** What every handler is given. */
export interface World {
  pool: pg.Pool;
  boss: PgBoss;
  ring: KeyRing;
  clock: Clock;
}
