import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { structureFaults } from "./imports";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (file: string): string => path.join(root, "node_modules", file);

/** "Is my change fine?" without a database: format and lint, types, imports and structure. Returns the failed steps. */
export function verify(): { passed: string[]; failed: string[] } {
  const passed: string[] = [];
  const failed: string[] = [];
  const step = (name: string, args: string[]): void => {
    const result = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    if (result.status === 0) passed.push(name);
    else {
      failed.push(name);
      process.stdout.write(`${name} failed:\n${`${result.stdout}${result.stderr}`.slice(-6000)}\n`);
    }
  };
  step("format and lint", [bin("@biomejs/biome/bin/biome"), "check", "--error-on-warnings", "--max-diagnostics=40"]);
  step("types", [bin("typescript/bin/tsc"), "--noEmit", "-p", root]);
  const faults = structureFaults();
  if (faults.length === 0) passed.push("imports and structure");
  else {
    failed.push("imports and structure");
    process.stdout.write(`imports and structure failed:\n  ${faults.join("\n  ")}\n`);
  }
  return { passed, failed };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed } = verify();
  process.stdout.write(`${passed.length} passed, ${failed.length} failed\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
