#!/usr/bin/env node
// Drop-in "schema-engine" executable for the Prisma CLI: speaks the JSON-RPC
// protocol on stdio and delegates to Prisma's own WASM schema engine.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import readline from "node:readline";
import { pathToFileURL } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import pg from "pg";

const require = createRequire(import.meta.url);
async function loadWasm() {
  const dir = path.dirname(require.resolve("@prisma/schema-engine-wasm"));
  const bg = await import(pathToFileURL(path.join(dir, "schema_engine_bg.js")));
  const { instance } = await WebAssembly.instantiate(fs.readFileSync(path.join(dir, "schema_engine_bg.wasm")), {
    "./schema_engine_bg.js": bg,
  });
  bg.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start?.();
  return bg;
}
const argv = process.argv.slice(2);
const opt = (n) => {
  const out = [];
  argv.forEach((a, i) => {
    if (a === n) out.push(argv[i + 1]);
  });
  return out;
};
if (argv.includes("--version")) {
  console.log("schema-engine-cli wasm-shim");
  process.exit(0);
}
const ds = JSON.parse(opt("--datasource")[0] ?? "{}");
const url = ds.url ?? process.env.DATABASE_URL;
if (process.env.SE_DEBUG) fs.appendFileSync(process.env.SE_DEBUG, "ARGV " + JSON.stringify(argv) + "\n");

async function createDb() {
  const u = new URL(url);
  const name = decodeURIComponent(u.pathname.slice(1));
  u.pathname = "/postgres";
  u.searchParams.delete("schema");
  const c = new pg.Client({ connectionString: u.href });
  await c.connect();
  try {
    await c.query(`create database ${c.escapeIdentifier(name)}`);
  } finally {
    await c.end();
  }
  return name;
}
// (1) "char" (oid 18) is unknown to @prisma/adapter-pg: present it as text.
const fix = (r) => {
  for (const one of Array.isArray(r) ? r : [r])
    for (const f of one?.fields ?? [])
      if (f.dataTypeID === 18) {
        f.dataTypeID = 25;
        f.name += "\0char";
      }
  return r;
};
class MigrateClient extends pg.Client {
  query(...a) {
    const cb = a.at(-1);
    if (typeof cb === "function") return super.query(...a.slice(0, -1), (e, r) => cb(e, fix(r)));
    const p = super.query(...a);
    return typeof p?.then === "function" ? p.then(fix) : p;
  }
}
// (2) NEVER hand the adapter a connectionString: connectToShadowDb() spreads {...config, database}
// and pg lets connectionString win, i.e. the "shadow" database would be the REAL one.
function poolConfig() {
  const u = new URL(url);
  return {
    Client: MigrateClient,
    host: u.hostname,
    port: Number(u.port || 5432),
    user: decodeURIComponent(u.username),
    password: decodeURIComponent(u.password),
    database: decodeURIComponent(u.pathname.slice(1)),
    ssl: /^(require|verify)/.test(u.searchParams.get("sslmode") ?? "") ? {} : undefined,
  };
}
// (3) adapter-pg drops the shadow database before closing its own pool: close first, drop after.
let patched = false;
class MigratePg extends PrismaPg {
  async connect() {
    const a = await super.connect();
    if (!patched) {
      patched = true;
      const proto = Object.getPrototypeOf(Object.getPrototypeOf(a)); // PgQueryable.prototype (adapter + transactions)
      const orig = proto.queryRaw;
      proto.queryRaw = async function (q) {
        const r = await orig.call(this, q);
        r.columnNames.forEach((n, i) => {
          if (n.endsWith("\0char")) {
            r.columnNames[i] = n.slice(0, -5);
            r.columnTypes[i] = ColumnTypeEnum.Character;
          }
        });
        return r;
      };
    }
    return a;
  }
  async connectToShadowDb() {
    const database = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
    const main = await this.connect();
    await main.executeScript(`CREATE DATABASE "${database}"`);
    const shadow = await new PrismaPg({ ...this.config, database }).connect();
    const dispose = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await dispose();
      await main.executeScript(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
      await main.dispose();
    };
    return shadow;
  }
}
const rpcErr = (e) => {
  const message = String(e?.message ?? e);
  return {
    code: 4466,
    message: "An error happened. Check the data field for details.",
    data: {
      is_panic: false,
      message,
      backtrace: null,
      error_code: e?.code ?? message.match(/P\d{4}/)?.[0],
      meta: e?.meta ?? { full_error: message },
    },
  };
};
if (argv[0] === "cli" || argv.includes("can-connect-to-database") || argv.includes("create-database")) {
  try {
    if (argv.includes("create-database")) {
      await createDb();
    } else {
      const c = new pg.Client({ connectionString: url });
      await c.connect();
      await c.end();
    }
    process.exit(0);
  } catch (e) {
    const code = e.code === "3D000" ? "P1003" : e.code === "28P01" ? "P1000" : "P1001";
    console.error(
      JSON.stringify({
        timestamp: new Date().toISOString(),
        level: "ERROR",
        fields: {
          is_panic: false,
          message: e.message,
          error_code: code,
          meta: { database_name: new URL(url).pathname.slice(1) },
        },
        target: "schema_engine::logger",
      }),
    );
    process.exit(1);
  }
}
globalThis.PRISMA_WASM_PANIC_REGISTRY = {
  message: "",
  get() {
    return this.message;
  },
  set_message(m) {
    this.message = m;
    console.error(m);
  },
};
const wasm = await loadWasm();
const datamodels = opt("--datamodels").map((p) => [p, fs.readFileSync(p, "utf8")]);
let enginePromise;
const engine = () =>
  (enginePromise ??= wasm.SchemaEngine.new(
    { datamodels: datamodels.length ? datamodels : undefined },
    (l) => {
      if (process.env.SE_DEBUG) fs.appendFileSync(process.env.SE_DEBUG, l + "\n");
    },
    bindMigrationAwareSqlAdapterFactory(new MigratePg(poolConfig())),
  ));
const rl = readline.createInterface({ input: process.stdin });
let pending = Promise.resolve();
rl.on("line", (line) => {
  if (!line.trim()) return;
  pending = pending.then(async () => {
    const { id, method, params } = JSON.parse(line);
    if (process.env.SE_DEBUG) fs.appendFileSync(process.env.SE_DEBUG, `-> ${method} ${line.slice(0, 400)}\n`);
    let msg;
    try {
      let result;
      if (method === "createDatabase") result = { databaseName: await createDb() };
      else if (method === "version" || method === "getDatabaseVersion")
        result = await (await engine()).version(params ?? undefined);
      else result = await (await engine())[method](params);
      if (method === "diff" && result?.stdout)
        process.stdout.write(
          JSON.stringify({ jsonrpc: "2.0", id: -1, method: "print", params: { content: result.stdout } }) + "\n",
        );
      msg = { jsonrpc: "2.0", id, result: result ?? {} };
    } catch (e) {
      msg = { jsonrpc: "2.0", id, error: rpcErr(e) };
    }
    process.stdout.write(JSON.stringify(msg) + "\n");
  });
});
rl.on("close", () => pending.finally(() => process.exit(0)));
