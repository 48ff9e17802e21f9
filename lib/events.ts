import type pg from "pg";
import { uuidv7 } from "./id";
import type { SqlRunner } from "./jobs";
import { storableJson } from "./storable-json";

/** The channel on which every commit that people may look at is announced. */
export const EVENTS_CHANNEL = "seawall_events";

export interface OutboxEvent {
  kind: string;
  accountId?: string;
  clusterId?: string;
  payload: Record<string, unknown>;
}

/** Writes events into the outbox in the caller's transaction, and announces them; PostgreSQL delivers the NOTIFY at commit. */
export async function publish(tx: SqlRunner, events: readonly OutboxEvent[], at: Date = new Date()): Promise<void> {
  if (events.length > 0) {
    await tx.query(
      `INSERT INTO "OutboxEvent" ("id", "kind", "accountId", "clusterId", "payload", "at")
       SELECT e.id, e.kind, e."accountId", e."clusterId", e.payload, $2
       FROM jsonb_to_recordset($1::jsonb) AS e(id uuid, kind text, "accountId" uuid, "clusterId" uuid, payload jsonb)`,
      [storableJson(events.map((event) => ({ id: uuidv7(), ...event }))), at],
    );
  }
  for (const topic of new Set(events.map((event) => event.kind))) await announce(tx, topic);
}

/** Tells open pages that something under `topic` changed. They refetch the truth; nothing else travels. */
export async function announce(tx: SqlRunner, topic: string): Promise<void> {
  await tx.query("SELECT pg_notify($1, $2)", [EVENTS_CHANNEL, topic.slice(0, 200)]);
}

/**
 * Listens on a connection of its own until `close`. Rejects when it cannot listen; `onLost` runs when the connection ends later.
 * After either the caller listens anew, once.
 */
export async function listen(
  pool: pg.Pool,
  onTopic: (topic: string) => void,
  onLost: (error: Error) => void,
): Promise<{ close: () => void }> {
  const client = await pool.connect();
  client.on("notification", (message) => onTopic(message.payload ?? ""));
  let listening = false;
  client.once("error", (error) => {
    if (!listening) return; // the statement below rejects with it
    client.release(error);
    onLost(error);
  });
  try {
    await client.query(`LISTEN ${EVENTS_CHANNEL}`);
  } catch (error) {
    client.release(true);
    throw error;
  }
  listening = true;
  return { close: () => client.release(true) };
}
