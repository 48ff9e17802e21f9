import { z } from "zod";
import type { Today } from "@/domain/notifications/delivery/queries";
import type { OutboxRow } from "@/domain/notifications/event";
import { loadControls } from "@/domain/posture/load";
import { stillOpen } from "@/domain/posture/opened/queries";
import { openedPayload } from "../scan/opened-event";
import type { World } from "../world";

const openedBy = z.object({ scanId: z.uuid(), severity: z.number().int() });

/**
 * Gives what an event of opened findings says today: those that were resolved since are left out, those that an exemption holds for
 * since are counted as such. Several recipients are told of the same event: it is read once. Other events stay as they were, and so do
 * those of whose findings nothing is stored any more.
 */
export function openedNow({ pool }: Pick<World, "pool">): Today {
  const read = new Map<string, Promise<OutboxRow["payload"]>>();
  const look = async ({ payload, at }: OutboxRow): Promise<OutboxRow["payload"]> => {
    const by = openedBy.safeParse(payload);
    const open = by.success ? await stillOpen(pool, { ...by.data, at }) : null;
    if (open === null || !by.success) return payload;
    return { ...Object(payload), ...openedPayload(by.data.severity, open, loadControls()) };
  };
  return (event) => {
    if (event.kind !== "finding.opened") return Promise.resolve(event.payload);
    // What it says, and nothing of who is told: the rows of two recipients are not alike.
    const found = read.get(event.id) ?? look(event);
    read.set(event.id, found);
    return found;
  };
}
