import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { env } from "@/lib/env";
import { reasonOf } from "@/lib/log";
import { chromiumSources, findChromium } from "./chromium";
import { systemEnv } from "./process-env";
import { afterAgain, type Counts, type Failure, none, readReport } from "./test-report";
import { verify } from "./verify";

const root = fileURLToPath(new URL("..", import.meta.url));
const settings = env();
const total = { passed: 0, failed: 0 };
const say = (line: string): void => void process.stdout.write(`\n== ${line}\n`);

/** What is said of tests once more at the very end, where it is not lost among what they print. */
const told: string[] = [];

function add(name: string, { passed, failures, passedThen }: Counts): void {
  total.passed += passed;
  total.failed += failures.length;
  const line = ({ where, why }: Failure): string => `${where}\n${why.replace(/^/gm, "    ")}`;
  told.push(...passedThen.map((failure) => `passed only the second time: ${line(failure)}`));
  told.push(...failures.map((failure) => `failed: ${line(failure)}`));
  process.stdout.write(`${name}: ${passed} passed, ${failures.length} failed\n`);
}

function runVitest(folder: string, name: string, args: string[], env: Record<string, string>): Counts {
  const file = path.join(folder, `${name.replaceAll(" ", "-")}.json`);
  const result = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", ...args, "--reporter=default", "--reporter=./scripts/vitest-report.ts"],
    {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, NODE_OPTIONS: "", ...env, SEAWALL_TEST_REPORT: file },
    },
  );
  return readReport("vitest", file, result.status);
}

/** More files than these that fail are no accident of one machine. */
const MOST_AGAIN = 3;

/**
 * Runs Vitest. Files that fail are run once more, with nothing beside them: what then passes may have met a crowded machine. It is
 * told at the end by name with what it said, and is no failure. What does not pass then is one, and so is what belongs to no file.
 */
function vitest(name: string, folder: string, args: string[], env: Record<string, string> = {}): void {
  say(name);
  const first = runVitest(folder, name, args, env);
  const files = [...new Set(first.failures.map(({ file }) => file))];
  if (files.length === 0 || files.length > MOST_AGAIN || files.includes("")) {
    add(name, first);
    return;
  }
  say(`${name}: what failed, alone`);
  const again = runVitest(folder, `${name} again`, ["run", "--maxWorkers=1", ...files], env);
  add(name, afterAgain(first, again));
}

/** The folder of an installed PostgreSQL 15, the oldest we promise to run on. */
const installedPostgres = (): string | undefined =>
  ["/usr/lib/postgresql/15/bin", "/usr/pgsql-15/bin"].find((bin) => existsSync(path.join(bin, "postgres")));

/** Vitest's arguments for the test files that reach a database; those that kill processes and damage calls for minutes run once. */
const ON_A_DATABASE = [
  "related",
  "lib/testing/database.ts",
  "--run",
  "--exclude=**/*kill.test.ts",
  "--exclude=**/faults.test.ts",
];

/** Runs the demo on a data folder of its own, hands its address and link to Playwright, and stops it. */
async function browser(folder: string): Promise<void> {
  say("browser tests against the demo");
  const executable = findChromium(chromiumSources(settings.CHROMIUM_PATH));
  const data = mkdtempSync(path.join(existsSync("/var/tmp") ? "/var/tmp" : os.tmpdir(), "seawall-e2e-"));
  spawnSync("chmod", ["711", data]);
  const port = 20_000 + (process.pid % 20_000);
  const demo = spawn(process.execPath, ["--conditions=react-server", "--import", "tsx", "scripts/demo.ts"], {
    cwd: root,
    env: { ...systemEnv(), SEAWALL_DATA_DIR: path.join(data, "seawall"), PORT: String(port), SEAWALL_DEMO_DAYS: "5" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    let text = "";
    const link = await new Promise<string>((resolve, reject) => {
      demo.stdout.on("data", (chunk: Buffer) => {
        process.stdout.write(chunk);
        text += chunk.toString();
        const match = /https?:\/\/\S+\/welcome\?token=\S+/.exec(text);
        if (match !== null) resolve(match[0]);
      });
      demo.once("exit", (code) => reject(new Error(`the demo ended with code ${code} before it printed its link`)));
      setTimeout(() => reject(new Error("the demo printed no link within 6 minutes")), 360_000).unref();
    });
    const { SEAWALL_SIGN_IN_LINK: _given, ...env } = process.env;
    // One after the other, the second whatever came of the first: Playwright would leave out what depends on a failure.
    for (const [name, projects, signIn] of [
      ["changing", ["people", "changing"], { SEAWALL_SIGN_IN_LINK: link }],
      ["reading", ["reading"], {}],
    ] as const) {
      const file = path.join(folder, `playwright-${name}.json`);
      const chosen = projects.map((project) => `--project=${project}`);
      const result = spawnSync(
        process.execPath,
        ["node_modules/@playwright/test/cli.js", "test", ...chosen, "--no-deps", "--reporter=list,json"],
        {
          cwd: root,
          stdio: "inherit",
          env: {
            ...env,
            ...signIn,
            CHROMIUM_PATH: executable,
            SEAWALL_URL: new URL(link).origin,
            PLAYWRIGHT_JSON_OUTPUT_NAME: file,
          },
        },
      );
      add(`browser tests, ${name}`, readReport("playwright", file, result.status));
    }
  } finally {
    if (demo.exitCode === null) {
      const gone = new Promise((resolve) => demo.once("exit", resolve));
      demo.kill("SIGTERM");
      await gone;
    }
    rmSync(data, { recursive: true, force: true });
  }
}

const folder = mkdtempSync(path.join(os.tmpdir(), "seawall-test-"));
try {
  say("verify");
  const checked = await verify();
  total.passed += checked.passed.length;
  total.failed += checked.failed.length;
  told.push(...checked.failed.map((step) => `failed: verify, ${step}`));
  // The embedded server is what most people run: it is tested whatever else is.
  vitest("unit content contract and database tests", folder, ["run"], {
    SEAWALL_TEST_DATABASE_URL: "",
    DATABASE_URL: "",
  });
  const bin = settings.SEAWALL_TEST_POSTGRES_BIN ?? installedPostgres();
  if (bin !== undefined)
    vitest("database tests on an installed PostgreSQL", folder, ON_A_DATABASE, {
      SEAWALL_TEST_POSTGRES_BIN: bin,
      SEAWALL_TEST_DATABASE_URL: "",
    });
  if (settings.SEAWALL_TEST_DATABASE_URL !== undefined)
    vitest("database tests on the server of SEAWALL_TEST_DATABASE_URL", folder, ON_A_DATABASE, {});
  if (bin === undefined && settings.SEAWALL_TEST_DATABASE_URL === undefined)
    process.stdout.write("\nNo PostgreSQL 15 is installed: the database tests ran on the embedded server only.\n");
  const only = process.argv.includes("--no-browser");
  if (!only) {
    await browser(folder).catch((error: unknown) => {
      add("browser tests", none("the demo", reasonOf(error)));
    });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const line of told) process.stdout.write(`\n${line}\n`);
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
