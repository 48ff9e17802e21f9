import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { apiVersionFaults, benchmarkFaults, controlFaults, readContent, roomFaults } from "./content";
import { docFaults } from "./docs";
import { structureFaults } from "./imports";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (file: string): string => path.join(root, "node_modules", file);

/** "Is my change fine?" without a database: format and lint, types, imports and structure, content. Returns the failed steps. */
export async function verify(): Promise<{ passed: string[]; failed: string[] }> {
  const passed: string[] = [];
  const failed: string[] = [];
  const tell = (name: string, holds: boolean, said: string): void => {
    (holds ? passed : failed).push(name);
    if (!holds) process.stdout.write(`${name} failed:\n${said}\n`);
  };
  const step = async (name: string, args: string[]): Promise<void> => {
    const { status, said } = await run(args);
    tell(name, status === 0, said.slice(-6000));
  };
  const check = (name: string, faults: readonly string[]): void =>
    tell(name, faults.length === 0, `  ${faults.join("\n  ")}`);
  // Types take longest, by a process of their own: everything else is looked at meanwhile.
  const types = step("types", [bin("typescript/bin/tsc"), "--noEmit", "-p", root]);
  await step("format and lint", [
    bin("@biomejs/biome/bin/biome"),
    "check",
    "--error-on-warnings",
    "--max-diagnostics=40",
  ]);
  check("imports and structure", [...structureFaults(), ...roomFaults()]);
  const content = readContent();
  check("controls", controlFaults(content));
  check("pages of controls", docFaults(content));
  check("benchmarks", benchmarkFaults(content));
  check("versions of Kubernetes' APIs", apiVersionFaults());
  await types;
  return { passed, failed };
}

async function run(args: string[]): Promise<{ status: number | null; said: string }> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve({ status, said }));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed } = await verify();
  process.stdout.write(`${passed.length} passed, ${failed.length} failed\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
