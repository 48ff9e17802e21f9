import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const PARTS = ["cel", "cli", "connectors", "domain", "lib", "prisma", "scripts", "package.json", "tsconfig.json"];

const POD =
  "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { hostPID: true, containers: [{ name: a, image: a }] }\n";

describe("the built command line", () => {
  let copy = "";
  beforeAll(() => {
    copy = mkdtempSync(path.join(tmpdir(), "seawall-built-"));
    for (const part of PARTS) cpSync(path.join(root, part), path.join(copy, part), { recursive: true });
    symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
    build();
  }, 120_000);
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  const node = (...args: string[]): string =>
    execFileSync(process.execPath, args, { cwd: copy, encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } });
  const build = (): string => node("scripts/build-cli.mjs");
  const builtModule = (): string =>
    node(
      "--input-type=module",
      "-e",
      `import { builtModule } from ${JSON.stringify(pathToFileURL(path.join(copy, "cli/built.mjs")).href)}; process.stdout.write(String(builtModule("main.mjs")));`,
    );

  it("is what the sources are", () => {
    expect(builtModule()).toBe(path.join(copy, "cli/generated/main.mjs"));
    const asked = ["cli/seawall.mjs", "control", "list"];
    const built = node(...asked);
    rmSync(path.join(copy, "cli/generated/files.json"));
    expect(builtModule()).toBe("null");
    expect(node(...asked)).toBe(built);
    build();
  });
  it("finds its second thread", () => {
    const manifests = path.join(copy, "manifests");
    mkdirSync(manifests);
    for (let at = 0; at < 1200; at++) writeFileSync(path.join(manifests, `${at}.yaml`), POD);
    const asked = ["cli/seawall.mjs", "check", manifests, "--controls", "host-processes", "--fail-on", "critical"];
    expect(node(...asked)).toContain("1200 resources in 1200 documents");
    const sign = path.join(copy, "sign-of-the-thread");
    const failing = `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(sign)}, ""); throw new Error("no memory");`;
    writeFileSync(path.join(copy, "cli/generated/start-second-reader.mjs"), failing);
    // One that fails before it began leaves all files to the first.
    expect(node(...asked)).toContain("1200 resources in 1200 documents");
    expect(existsSync(sign)).toBe(true);
    build();
  });
  it("is not run once a source has changed, or is gone", () => {
    const source = path.join(copy, "cli/usage.ts");
    const { atime, mtime } = statSync(source);
    // As unpacking an archive does, whose times are all alike.
    writeFileSync(source, readFileSync(source, "utf8").replace("seawall", "SEAWALL"));
    utimesSync(source, atime, mtime);
    expect(builtModule()).toBe("null");
    build();
    expect(builtModule()).not.toBe("null");
    rmSync(source);
    expect(builtModule()).toBe("null");
    writeFileSync(source, "");
  });
});
