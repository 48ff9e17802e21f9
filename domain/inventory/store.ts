import { setImmediate as immediate } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { copyRows } from "@/lib/copy";
import { storableJson } from "@/lib/storable-json";
import { imageKey, type RunningImage } from "./image";
import type { ResourceKey } from "./schema";

/** A resource as last stored, without its document. */
export interface StoredResource extends ResourceKey {
  uid: string | null;
  resourceVersion: string | null;
  hash: string;
  ownerKind: string;
  ownerName: string;
  outcomes: Readonly<Record<string, string>> | null;
  assessedHash: string | null;
  /** `podShape` of a pod that belongs to a workload. */
  shape: string | null;
  /** `runningOf` a pod; null of all else, and of pods that an older Seawall stored. */
  running: string | null;
  /** `phaseOf` a pod; null as `running` is. */
  phase: string | null;
}
/** What to write of a resource. `doc`: JSON text as `storableJson` makes it; null leaves the stored document as it is. */
export interface ResourceWrite {
  row: StoredResource;
  doc: string | null;
  /** Nothing is stored of it. */
  fresh: boolean;
}

const BATCH = 1000;

export function* batches<T>(items: readonly T[], size = BATCH): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

/**
 * Sends rows as JSON, a batch a statement: the next text is made while the server works on the one before. `toText`: a row's
 * JSON as jsonb accepts it.
 */
export async function inBatches<T>(
  items: readonly T[],
  toText: (item: T) => string,
  send: (json: string) => Promise<unknown>,
): Promise<void> {
  const texts = batches(items)[Symbol.iterator]();
  const make = (): string | undefined => {
    const next = texts.next();
    return next.done ? undefined : `[${next.value.map(toText).join()}]`;
  };
  for (let json = make(); json !== undefined; ) {
    const sent = send(json);
    sent.catch(() => undefined); // it is awaited below, whatever happens to the next text
    await immediate(); // all of this text must be on its way first
    json = make();
    await sent;
  }
}

/** All resources of a cluster. */
export async function loadResources(db: Pool | PoolClient, clusterId: string): Promise<StoredResource[]> {
  const { rows } = await db.query<
    [
      string,
      string,
      string,
      string,
      string | null,
      string | null,
      string,
      string,
      string,
      Record<string, string> | null,
      string | null,
      string | null,
      string | null,
      string | null,
    ]
  >({
    rowMode: "array",
    text: `SELECT "apiGroup", "kind", "namespace", "name", "uid", "resourceVersion", "hash", "ownerKind", "ownerName", "outcomes", "assessedHash", "shape", "running", "phase"
           FROM "Resource" WHERE "clusterId" = $1`,
    values: [clusterId],
  });
  // Pods of one workload run the same: one text of it is kept, not one for each.
  const texts = new Map<string, string>();
  const one = (text: string): string => {
    const same = texts.get(text) ?? text;
    if (same === text) texts.set(text, text);
    return same;
  };
  return rows.map(
    ([
      apiGroup,
      kind,
      namespace,
      name,
      uid,
      resourceVersion,
      hash,
      ownerKind,
      ownerName,
      outcomes,
      assessedHash,
      shape,
      running,
      phase,
    ]) => ({
      apiGroup,
      kind,
      namespace,
      name,
      uid,
      resourceVersion,
      hash,
      ownerKind,
      ownerName,
      outcomes,
      assessedHash,
      shape,
      running: running === null ? null : one(running),
      phase: phase === null ? null : one(phase),
    }),
  );
}

const textOf = ({ row, doc }: ResourceWrite): string => `${storableJson(row).slice(0, -1)},"doc":${doc}}`;
const COLUMNS = `"apiGroup" text, "kind" text, "namespace" text, "name" text, "uid" text, "resourceVersion" text, "hash" text,
  "ownerKind" text, "ownerName" text, "outcomes" jsonb, "assessedHash" text, "shape" text, "running" text, "phase" text, "doc" jsonb`;
const SEEN = `"uid" = x."uid", "resourceVersion" = x."resourceVersion", "ownerKind" = x."ownerKind", "ownerName" = x."ownerName",
  "outcomes" = x."outcomes", "assessedHash" = x."assessedHash", "shape" = x."shape", "running" = x."running", "phase" = x."phase"`;
const SAME_KEY = `r."clusterId" = $1 AND r."apiGroup" = x."apiGroup" AND r."kind" = x."kind" AND r."namespace" = x."namespace" AND r."name" = x."name"`;

/** Rows of resources of which nothing is stored, in the order of FRESH_COLUMNS. */
function* freshRows(clusterId: string, writes: readonly ResourceWrite[], now: Date): Generator<(string | null)[]> {
  const at = now.toISOString();
  for (const { row, doc, fresh } of writes) {
    if (!fresh) continue;
    const { apiGroup, kind, namespace, name, uid, resourceVersion, hash, ownerKind, ownerName } = row;
    const outcomes = row.outcomes === null ? null : storableJson(row.outcomes);
    const { assessedHash, shape, running, phase } = row;
    const seen = [apiGroup, kind, namespace, name, uid, resourceVersion, hash, ownerKind, ownerName];
    yield [clusterId, ...seen, outcomes, assessedHash, shape, running, phase, doc, at, at];
  }
}
const FRESH_COLUMNS = `"clusterId", "apiGroup", "kind", "namespace", "name", "uid", "resourceVersion", "hash", "ownerKind", "ownerName",
  "outcomes", "assessedHash", "shape", "running", "phase", "doc", "firstSeenAt", "changedAt"`;

/** Inserts or updates resources of a cluster. Rows without a document must exist, fresh ones must not. */
export async function writeResources(tx: PoolClient, clusterId: string, writes: readonly ResourceWrite[], now: Date) {
  if (writes.some(({ fresh }) => fresh))
    await copyRows(tx, `"Resource" (${FRESH_COLUMNS})`, freshRows(clusterId, writes, now));
  const whole = writes.filter(({ doc, fresh }) => !fresh && doc !== null);
  await inBatches(whole, textOf, (json) =>
    tx.query(
      `UPDATE "Resource" r SET ${SEEN}, "hash" = x."hash", "doc" = x."doc", "changedAt" = $3
       FROM jsonb_to_recordset($2::jsonb) AS x(${COLUMNS}) WHERE ${SAME_KEY}`,
      [clusterId, json, now],
    ),
  );
  const bare = writes.filter(({ doc }) => doc === null);
  await inBatches(bare, textOf, (json) =>
    tx.query(`UPDATE "Resource" r SET ${SEEN} FROM jsonb_to_recordset($2::jsonb) AS x(${COLUMNS}) WHERE ${SAME_KEY}`, [
      clusterId,
      json,
    ]),
  );
}

/** Deletes resources that a complete listing no longer holds. */
export async function deleteResources(tx: PoolClient, clusterId: string, keys: readonly ResourceKey[]): Promise<void> {
  const plain = ({ apiGroup, kind, namespace, name }: ResourceKey) => storableJson({ apiGroup, kind, namespace, name });
  await inBatches(keys, plain, (json) =>
    tx.query(
      `DELETE FROM "Resource" r USING jsonb_to_recordset($2::jsonb) AS x("apiGroup" text, "kind" text, "namespace" text, "name" text)
       WHERE ${SAME_KEY}`,
      [clusterId, json],
    ),
  );
}

const IMAGE_KEY = ["namespace", "ownerKind", "ownerName", "container", "image", "digest"] as const;
const IMAGE_NAMES = IMAGE_KEY.map((name) => `"${name}"`).join(", ");
const IMAGE_COLUMNS = `${IMAGE_KEY.map((name) => `"${name}" text`).join(", ")}, "pods" int`;

/**
 * Makes the cluster's running images those that were seen. When not every pod was listed, images are added and nothing is
 * changed or removed.
 */
export async function writeImages(
  tx: PoolClient,
  clusterId: string,
  seen: ReadonlyMap<string, RunningImage>,
  complete: boolean,
): Promise<void> {
  const { rows: stored } = await tx.query<RunningImage>(
    `SELECT ${IMAGE_NAMES}, "pods" FROM "RunningImage" WHERE "clusterId" = $1`,
    [clusterId],
  );
  const known = new Map(stored.map((image) => [imageKey(image), image]));
  const changed = [...seen]
    .filter(([key, image]) => (complete ? known.get(key)?.pods !== image.pods : !known.has(key)))
    .map(([, image]) => image);
  if (stored.length === 0) return await copyImages(tx, clusterId, changed);
  const gone = complete ? [...known].filter(([key]) => !seen.has(key)).map(([, image]) => image) : [];
  await inBatches(gone, storableJson, (json) =>
    tx.query(
      `DELETE FROM "RunningImage" r USING jsonb_to_recordset($2::jsonb) AS x(${IMAGE_COLUMNS})
       WHERE r."clusterId" = $1 AND ${IMAGE_KEY.map((name) => `r."${name}" = x."${name}"`).join(" AND ")}`,
      [clusterId, json],
    ),
  );
  await inBatches(changed, storableJson, (json) =>
    tx.query(
      `INSERT INTO "RunningImage" ("clusterId", ${IMAGE_NAMES}, "pods")
       SELECT $1, ${IMAGE_KEY.map((name) => `x."${name}"`).join(", ")}, x."pods" FROM jsonb_to_recordset($2::jsonb) AS x(${IMAGE_COLUMNS})
       ON CONFLICT ("clusterId", ${IMAGE_NAMES}) DO UPDATE SET "pods" = excluded."pods"`,
      [clusterId, json],
    ),
  );
}

/** The images of a cluster of which none is stored. */
async function copyImages(tx: PoolClient, clusterId: string, images: readonly RunningImage[]): Promise<void> {
  const rows = function* (): Generator<(string | null)[]> {
    for (const image of images) yield [clusterId, ...IMAGE_KEY.map((name) => image[name]), String(image.pods)];
  };
  if (images.length > 0) await copyRows(tx, `"RunningImage" ("clusterId", ${IMAGE_NAMES}, "pods")`, rows());
}
