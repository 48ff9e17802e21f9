import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { apiVersionFaults, benchmarkFaults, controlFaults, roomFaults } from "./content";
import { controlProseFaults } from "./control-prose";
import { docFaults } from "./docs";
import { structureFaults } from "./imports";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (file: string): string => path.join(root, "node_modules", file);

/** "Is my change fine?" without a database: format and lint, types, imports and structure, content. Returns the failed steps. */
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
  const check = (name: string, faults: readonly string[]): void => {
    if (faults.length === 0) passed.push(name);
    else {
      failed.push(name);
      process.stdout.write(`${name} failed:\n  ${faults.join("\n  ")}\n`);
    }
  };
  check("imports and structure", [...structureFaults(), ...roomFaults()]);
  check("controls", [...controlFaults(), ...controlProseFaults()]);
  check("pages of controls", docFaults());
  check("benchmarks", benchmarkFaults());
  check("versions of Kubernetes' APIs", apiVersionFaults());
  return { passed, failed };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed } = verify();
  process.stdout.write(`${passed.length} passed, ${failed.length} failed\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
