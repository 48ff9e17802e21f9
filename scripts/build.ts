import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const SOURCES = [
  "app",
  "components",
  "domain",
  "lib",
  "cel",
  "connectors",
  "prisma",
  "next.config.ts",
  "proxy.ts",
  "postcss.config.mjs",
  "tsconfig.json",
  "package-lock.json",
];

/** Hash of the names, sizes and contents of everything the console is built from. */
function sourceHash(): string {
  const hash = createHash("sha256");
  const add = (relative: string): void => {
    const file = path.join(root, relative);
    if (!existsSync(file)) return;
    if (statSync(file).isDirectory()) {
      for (const entry of readdirSync(file).sort())
        if (entry !== "generated" && entry !== "node_modules") add(path.join(relative, entry));
    } else if (!/\.test\.tsx?$/.test(relative)) {
      hash.update(relative).update(readFileSync(file));
    }
  };
  for (const source of SOURCES) add(source);
  return hash.digest("hex");
}

/** Builds the console unless the last build was made from these very sources. Rejects with the build's output. */
export async function buildConsole(env: NodeJS.ProcessEnv): Promise<"built" | "current"> {
  const marker = path.join(root, ".next/seawall-sources");
  const wanted = sourceHash();
  if (existsSync(path.join(root, ".next/BUILD_ID")) && existsSync(marker) && readFileSync(marker, "utf8") === wanted)
    return "current";
  const output: string[] = [];
  const child = spawn(process.execPath, [path.join(root, "node_modules/next/dist/bin/next"), "build"], {
    cwd: root,
    env: { ...env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.once("error", reject).once("exit", resolve));
  if (code !== 0) throw new Error(`The console could not be built:\n${output.join("").slice(-4000)}`);
  writeFileSync(marker, wanted);
  return "built";
}
