import { fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { dump } from "js-yaml";
import { z } from "zod";
import { CHECK_FLAGS } from "@/cli/node-flags.mjs";
import { podSpec } from "./estate";
import { figure, median } from "./figure";

const FILES = 10_000;
const root = fileURLToPath(new URL("../..", import.meta.url));
const answer = z.object({ ms: z.number(), cpu: z.number(), peak: z.number() });

/** A file as a team commits it: most are workloads, the others what stands around them. */
function manifest(at: number): object {
  const app = `app-${at}`;
  const metadata = { name: app, namespace: `team-${at % 50}`, labels: { app } };
  if (at % 10 === 7)
    return { apiVersion: "v1", kind: "Service", metadata, spec: { selector: { app }, ports: [{ port: 80 }] } };
  if (at % 10 === 8) return { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "config.yaml": "a: 1\nb: 2\n" } };
  if (at % 10 === 9) {
    const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] }];
    return { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata, rules };
  }
  const template = { metadata: { labels: { app } }, spec: podSpec(app, at) };
  const spec = { replicas: 3, selector: { matchLabels: { app } }, template };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata, spec };
}

function run(folder: string, work: string): Promise<z.infer<typeof answer>> {
  return new Promise((resolve, reject) => {
    const child = fork(path.join(root, "scripts/bench/manifests-run.ts"), [JSON.stringify({ folder, work })], {
      cwd: root,
      execArgv: ["--conditions=react-server", "--import", "tsx", ...(work.startsWith("check") ? CHECK_FLAGS : [])],
    });
    child.once("message", (message) => resolve(answer.parse(message)));
    child.once("exit", (code) => reject(new Error(`A part of the bench ended with code ${code}.`)));
  });
}

/** `seawall check` of 10,000 files beside parsing the same files alone, each in processes of its own. Figures only. */
export async function measureManifests(say: (line?: string) => void, runs: number): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "seawall-manifests-"));
  try {
    let bytes = 0;
    for (let at = 0; at < FILES; at++) {
      const text = dump(manifest(at));
      bytes += text.length;
      writeFileSync(path.join(folder, `${at}.yaml`), text);
    }
    say();
    say(
      `${FILES.toLocaleString("en")} manifest files, ${(bytes / 1e6).toFixed(0)} MB of YAML; read and parsed, or read and judged`,
    );
    let parse = 0;
    for (const work of ["yaml", "js-yaml", "check json", "check text", "check sarif"]) {
      const results: z.infer<typeof answer>[] = [];
      for (let time = 0; time < runs; time++) results.push(await run(folder, work));
      const times = results.map(({ ms }) => ms);
      if (work === "js-yaml") parse = median(times);
      const isCheck = work.startsWith("check");
      figure(isCheck ? work : `parsing alone, ${work}`, times, "ms", isCheck ? Math.round(1.5 * parse) : undefined);
      figure(
        "  processor time, all threads",
        results.map(({ cpu }) => cpu),
        "ms",
      );
      figure(
        "  peak RSS",
        results.map(({ peak }) => peak),
        "MB",
        isCheck ? 400 : undefined,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
