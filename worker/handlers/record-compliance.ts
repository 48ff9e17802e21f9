import { recordCompliance } from "@/domain/benchmark/history/store";
import { env } from "@/lib/env";
import type { World } from "../world";

/** Every few minutes: writes where each benchmark stands on this day, as the last scans and the attestations leave it. */
export async function recordToday(world: Pick<World, "pool" | "clock">): Promise<object> {
  return { written: await recordCompliance(world.pool, world.clock(), env().SEAWALL_TIME_ZONE) };
}
