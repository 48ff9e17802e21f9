import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import type { ReportView } from "./view";

const answerShape = z.object({ pdf: z.instanceof(Uint8Array).optional(), problem: z.string().optional() });
const PATIENCE_MS = 120_000;
const MOST_MEGABYTES = 384;
const THREAD = path.join("domain", "benchmark", "pdf", "render-thread.ts");

/** The project's folder: three above this file; in a bundle, which moves this file, where the process was started. */
function root(): string {
  const beside = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
  return existsSync(path.join(beside, THREAD)) ? beside : process.cwd();
}

/** Draws the report as a PDF, in a thread with an end to its time and memory. Rejects when it cannot be drawn within two minutes. */
export async function renderReport(view: ReportView): Promise<Uint8Array> {
  // Asked for at run time, so that a bundler leaves the thread's file alone: it is TypeScript, which tsx reads.
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  const folder = root();
  const loader = pathToFileURL(path.join(folder, "node_modules", "tsx", "dist", "loader.mjs")).href;
  const thread = new Worker(path.join(folder, THREAD), {
    workerData: view,
    execArgv: ["--import", loader],
    env: { ...process.env, NODE_ENV: "production", TSX_TSCONFIG_PATH: path.join(folder, "tsconfig.json") },
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Uint8Array>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error("The report could not be drawn in time.")), PATIENCE_MS);
      thread.on("error", reject);
      thread.on("exit", () => reject(new Error("The thread that draws the report ended.")));
      thread.on("message", (message: unknown) => {
        const { pdf, problem } = answerShape.parse(message);
        if (pdf !== undefined) resolve(pdf);
        else reject(new Error(problem ?? "The report could not be drawn."));
      });
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
