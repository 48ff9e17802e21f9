import { type Job, PgBoss, type Queue } from "pg-boss";
import { z } from "zod";

/** Where pg-boss keeps its tables. */
export const JOBS_SCHEMA = "jobs";

/** Every job with the shape of its payload. The one list: a job that is not here can neither be sent nor handled. */
export const JOBS = {
  /** Every minute: enqueue what is due. */
  tick: z.object({}),
  "discover-account": z.object({ accountId: z.uuid(), trigger: z.enum(["schedule", "manual", "connect"]) }),
  "scan-cluster": z.object({ clusterId: z.uuid(), trigger: z.enum(["schedule", "manual", "connect"]) }),
  /** Of an account as it is stored, or as an edit would make it. */
  "test-connection": z.object({ accountId: z.uuid(), draftId: z.uuid().optional() }),
  /** Deletes what is left of an account that was removed. */
  "remove-account": z.object({ accountId: z.uuid() }),
  /** Takes events from the outbox and decides who is told. */
  notify: z.object({}),
  /** Sends the mails that are due. */
  "send-mail": z.object({}),
  /** Keeps where each benchmark stands today. */
  "record-compliance": z.object({}),
  /** Deletes what was kept long enough. */
  forget: z.object({}),
} as const;
export type JobName = keyof typeof JOBS;
export type JobData<N extends JobName> = z.infer<(typeof JOBS)[N]>;

/**
 * `exclusive`: at most one queued or running job per singleton key, so that a second "scan now" joins the first.
 * A worker that dies stops its heartbeat; the job is then handed to another. What fails for good lands in `dead-letter`.
 */
const QUEUES: Record<JobName, Omit<Queue, "name">> = {
  tick: { policy: "exclusive", retryLimit: 0, expireInSeconds: 55 },
  "discover-account": {
    policy: "exclusive",
    retryLimit: 3,
    retryDelay: 5,
    retryBackoff: true,
    retryDelayMax: 300,
    expireInSeconds: 900,
    heartbeatSeconds: 30,
    deadLetter: "dead-letter",
  },
  "scan-cluster": {
    policy: "exclusive",
    retryLimit: 4,
    retryDelay: 5,
    retryBackoff: true,
    retryDelayMax: 300,
    expireInSeconds: 900,
    heartbeatSeconds: 30,
    deadLetter: "dead-letter",
  },
  "test-connection": { policy: "exclusive", retryLimit: 0, expireInSeconds: 120, heartbeatSeconds: 30 },
  "remove-account": {
    policy: "exclusive",
    retryLimit: 5,
    retryDelay: 10,
    retryBackoff: true,
    retryDelayMax: 300,
    expireInSeconds: 1_800,
    heartbeatSeconds: 30,
  },
  notify: { policy: "exclusive", retryLimit: 2, expireInSeconds: 120, heartbeatSeconds: 30 },
  "send-mail": { policy: "exclusive", retryLimit: 2, expireInSeconds: 600, heartbeatSeconds: 30 },
  "record-compliance": { policy: "exclusive", retryLimit: 1, expireInSeconds: 300, heartbeatSeconds: 30 },
  forget: { policy: "exclusive", retryLimit: 1, expireInSeconds: 900, heartbeatSeconds: 30 },
};

/** Which part of a payload makes a job unique. */
function singletonKey(name: JobName, data: Readonly<Record<string, unknown>>): string {
  return String(data.clusterId ?? data.draftId ?? data.accountId ?? name);
}

/** Anything that runs SQL: a pg pool, or the client of an open transaction. */
export interface SqlRunner {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Makes the client. Only workers supervise and schedule; the web process merely sends. */
export function jobClient(connectionString: string, role: "worker" | "sender"): PgBoss {
  return new PgBoss({
    connectionString,
    schema: JOBS_SCHEMA,
    max: role === "worker" ? 4 : 2,
    supervise: role === "worker",
    schedule: role === "worker",
    migrate: role === "worker",
    cronMonitorIntervalSeconds: 15,
    cronWorkerIntervalSeconds: 5,
  });
}

/** Creates the queues that are missing. Idempotent; run once at a worker's start. */
export async function createQueues(boss: PgBoss): Promise<void> {
  await boss.createQueue("dead-letter", { retryLimit: 0, retentionSeconds: 30 * 86_400 });
  for (const [name, options] of Object.entries(QUEUES)) await boss.createQueue(name, options);
}

/**
 * Enqueues within the caller's transaction: the job exists when, and only when, the change that asked for it commits.
 * Returns the job's id, or null when an equal one is queued or running.
 */
export async function enqueue<N extends JobName>(
  boss: PgBoss,
  tx: SqlRunner,
  name: N,
  data: JobData<N>,
  startAfterSeconds = 0,
): Promise<string | null> {
  const payload = JOBS[name].parse(data);
  return boss.send(name, payload, {
    singletonKey: singletonKey(name, payload),
    ...(startAfterSeconds > 0 ? { startAfter: startAfterSeconds } : {}),
    db: { executeSql: async (text, values) => ({ rows: (await tx.query(text, values)).rows }) },
  });
}

/**
 * Deletes the dead letters about clusters or an account: they were looked at since, or are gone, so that nothing stands for a person to
 * do. Letters about an account's clusters are the clusters' own.
 */
export async function dropLetters(
  db: SqlRunner,
  about: { clusterIds: readonly string[] } | { accountId: string },
): Promise<void> {
  const [field, ids] = "clusterIds" in about ? ["clusterId", about.clusterIds] : ["accountId", [about.accountId]];
  await db.query(`DELETE FROM jobs.job WHERE name = 'dead-letter' AND state < 'active' AND data ->> $1 = ANY($2)`, [
    field,
    ids,
  ]);
}

/** What a handler gets besides its parsed payload. */
export interface JobContext {
  id: string;
  /** Aborted when the job expires, loses its heartbeat, or the worker drains. */
  signal: AbortSignal;
  attempt: number;
}

/** Handlers that run now, of every queue of this process. */
const running = new Set<Promise<unknown>>();

/** Resolves when every handler of this process has ended, those too that the queue gave up and aborted, or after `ms`. */
export async function handlersEnded(ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([Promise.allSettled([...running]), late]);
  clearTimeout(timer);
}

/** Registers a handler; a payload that does not parse fails the job with the reason. */
export async function handle<N extends JobName>(
  boss: PgBoss,
  name: N,
  concurrency: number,
  handler: (data: JobData<N>, context: JobContext) => Promise<object | undefined>,
): Promise<void> {
  await boss.work(
    name,
    { localConcurrency: concurrency, pollingIntervalSeconds: 1, batchSize: 1 },
    async (jobs: Job<object>[]) => {
      const job = jobs[0];
      if (job === undefined) return;
      const data = JOBS[name].parse(job.data) as JobData<N>; // parsed by this job's own schema
      const work = handler(data, { id: job.id, signal: job.signal, attempt: job.retryCount + 1 });
      running.add(work);
      return work.finally(() => running.delete(work));
    },
  );
}
