import { randomBytes } from "node:crypto";
import pg from "pg";
import { type EmbeddedPostgres, ensureDatabase } from "./postgres";

/** The role that Seawall's processes use on the embedded server: it owns its database and nothing else. */
const APP_ROLE = "seawall_app";

/**
 * Statements that hand everything the superuser owns outside the system's schemas to the app's role. Folders made before
 * there was one are moved over once; what belongs to an extension stays the superuser's.
 */
const TO_MOVE = `
  WITH me AS (SELECT oid FROM pg_roles WHERE rolname = current_user),
  ours AS (SELECT oid, nspname, nspowner FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema')
  SELECT format('SCHEMA %I', nspname) AS what FROM ours WHERE nspowner = (SELECT oid FROM me)
  UNION ALL
  SELECT format('%s %I.%I', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname)
  FROM pg_class c JOIN ours n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relowner = (SELECT oid FROM me)
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                    AND (d.deptype = 'e' OR (c.relkind = 'S' AND d.deptype IN ('a', 'i'))))
  UNION ALL
  SELECT format('ROUTINE %s', p.oid::regprocedure) FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace
  WHERE p.proowner = (SELECT oid FROM me)
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
  UNION ALL
  SELECT format('TYPE %I.%I', n.nspname, t.typname) FROM pg_type t JOIN ours n ON n.oid = t.typnamespace
  WHERE t.typowner = (SELECT oid FROM me) AND t.typelem = 0
    AND (t.typtype IN ('e', 'd') OR (t.typtype = 'c' AND EXISTS (SELECT 1 FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c')))
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')`;

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * The address of database `name` for the app's own role, which is no superuser: it may not run programs, read files or see
 * other databases' roles. Makes role and database when they are missing. The password is new at every start and stored
 * nowhere.
 */
export async function ownedDatabase(server: Pick<EmbeddedPostgres, "url">, name: string): Promise<string> {
  const password = randomBytes(24).toString("hex");
  await ensureDatabase(server.url("postgres"), name);
  await connected(server.url("postgres"), async (client) => {
    const { rowCount } = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [APP_ROLE]);
    const rights = `LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD '${password}'`;
    await client.query(`${rowCount === 0 ? "CREATE" : "ALTER"} ROLE ${APP_ROLE} ${rights}`);
    await client.query(`ALTER DATABASE ${client.escapeIdentifier(name)} OWNER TO ${APP_ROLE}`);
  });
  await connected(server.url(name), async (client) => {
    await client.query("BEGIN");
    const { rows } = await client.query<{ what: string }>(TO_MOVE);
    for (const { what } of rows) await client.query(`ALTER ${what} OWNER TO ${APP_ROLE}`);
    await client.query("COMMIT");
  });
  const url = new URL(server.url(name));
  url.username = APP_ROLE;
  url.password = password;
  return url.href;
}
