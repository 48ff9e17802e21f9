import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";

export interface QueueRow {
  name: string;
  waiting: number;
  running: number;
  /** Waiting for a retry after a failure. */
  retrying: number;
  failed: number;
  /** When the oldest waiting job was enqueued. */
  oldest: Date | null;
  /** When a job last ended well; null when none did within the days that jobs are kept. */
  lastDone: Date | null;
}

/** The installation's queues. Only a scope on everything may see them; for others there are none. */
export async function listQueues(scope: AccountScope): Promise<QueueRow[]> {
  if (scope.accountIds !== null) return [];
  const { rows } = await pool().query<QueueRow>(
    `SELECT q.name, count(j.id) FILTER (WHERE j.state = 'created')::int AS waiting, count(j.id) FILTER (WHERE j.state = 'active')::int AS running,
       count(j.id) FILTER (WHERE j.state = 'retry')::int AS retrying, count(j.id) FILTER (WHERE j.state = 'failed')::int AS failed,
       min(j.created_on) FILTER (WHERE j.state IN ('created', 'retry') AND j.start_after <= now()) AS oldest,
       max(j.completed_on) FILTER (WHERE j.state = 'completed') AS "lastDone"
     FROM jobs.queue q LEFT JOIN jobs.job j ON j.name = q.name
     WHERE q.name NOT LIKE '\\_\\_%' AND q.name <> 'dead-letter' GROUP BY q.name ORDER BY q.name`,
  );
  return rows;
}

export interface DatabaseFacts {
  version: string;
  /** Bytes, indexes included. */
  size: number;
  connections: number;
  maxConnections: number;
  migration: string;
  migrations: number;
  /** The largest tables, partitions summed: bytes with indexes, rows as the planner estimates them. */
  tables: { name: string; bytes: number; rows: number }[];
}

/** Size and version of the database; null unless the scope is on everything. */
export async function databaseFacts(scope: AccountScope): Promise<DatabaseFacts | null> {
  if (scope.accountIds !== null) return null;
  const [facts, tables] = await Promise.all([
    pool().query<Omit<DatabaseFacts, "tables">>(
      `SELECT current_setting('server_version') AS version, pg_database_size(current_database())::float8 AS size,
         (SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database()) AS connections,
         current_setting('max_connections')::int AS "maxConnections",
         (SELECT count(*)::int FROM "_prisma_migrations" WHERE finished_at IS NOT NULL) AS migrations,
         coalesce((SELECT max(migration_name) FROM "_prisma_migrations" WHERE finished_at IS NOT NULL), 'none') AS migration`,
    ),
    pool().query<{ name: string; bytes: number; rows: number }>(
      `SELECT coalesce(p.relname, c.relname) AS name, sum(pg_total_relation_size(c.oid))::float8 AS bytes, sum(greatest(c.reltuples, 0))::float8 AS rows
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent
       WHERE c.relkind = 'r' AND n.nspname IN ('public', 'jobs') GROUP BY 1 ORDER BY 2 DESC LIMIT 8`,
    ),
  ]);
  const row = facts.rows[0];
  return row === undefined ? null : { ...row, tables: tables.rows };
}
