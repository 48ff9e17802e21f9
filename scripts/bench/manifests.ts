import { execFileSync, fork } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { dump } from "js-yaml";
import { z } from "zod";
import { CHECK_FLAGS } from "@/cli/node-flags.mjs";
import { podSpec } from "./estate";
import { figure } from "./figure";

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

type Answer = z.infer<typeof answer>;

function run(folder: string, work: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = fork(path.join(root, "scripts/bench/manifests-run.mjs"), [JSON.stringify({ folder, work })], {
      cwd: root,
      execArgv: ["--conditions=react-server", ...(work.startsWith("check") ? CHECK_FLAGS : [])],
    });
    child.once("message", (message) => resolve(answer.parse(message)));
    child.once("exit", (code) => reject(new Error(`A part of the bench ended with code ${code}.`)));
  });
}

/** What the command is held against: the parser that it uses. */
const ALONE = "js-yaml";
const WORKS = [ALONE, "check json", "check text", "check sarif"];

/**
 * `seawall check` of 10,000 files beside parsing the same files alone, each in processes of its own. Figures only. Every round
 * does each work once, and a ratio is that of one round: a machine that others use too is twice as fast in one minute as in the next.
 */
export async function measureManifests(say: (line?: string) => void, runs: number): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "seawall-manifests-"));
  try {
    // The command as it is installed.
    execFileSync(process.execPath, [path.join(root, "scripts/build-cli.mjs")], { cwd: root });
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
    tell("yaml", [await run(folder, "yaml")]);
    const rounds: Map<string, Answer>[] = [];
    for (let time = 0; time < runs; time++) {
      const round = new Map<string, Answer>();
      for (const work of WORKS) round.set(work, await run(folder, work));
      rounds.push(round);
    }
    for (const work of WORKS) {
      tell(
        work,
        rounds.flatMap((round) => round.get(work) ?? []),
      );
      if (work === ALONE) continue;
      const ratios = rounds.map((round) => (round.get(work)?.ms ?? Number.NaN) / (round.get(ALONE)?.ms ?? Number.NaN));
      figure("  beside parsing alone", ratios, "×", 1.5);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tell(work: string, answers: readonly Answer[]): void {
  const of = (key: keyof Answer): number[] => answers.map((one) => one[key]);
  const isCheck = work.startsWith("check");
  figure(isCheck ? work : `parsing alone, ${work}`, of("ms"), "ms");
  figure("  processor time, all threads", of("cpu"), "ms");
  figure("  peak RSS", of("peak"), "MB", isCheck ? 400 : undefined);
}
