import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KubernetesObject } from "@/domain/inventory/schema";
import { uuidv7 } from "@/lib/id";
import {
  deployment,
  type Faults,
  input,
  ledgersAddUp,
  namespace,
  points,
  policy,
  reset,
  rows,
  scan,
  startDatabase,
  stopDatabase,
} from "../testing/scan-fixture";

beforeAll(startDatabase, 300_000);
afterAll(stopDatabase);

/** What a cluster answers at one time. */
interface Answer {
  objects: KubernetesObject[];
  faults: Faults;
  /** What comes again: the job of the same scan, or a scan of a cluster in which nothing changed; with `full` all is judged anew. */
  again: ("job" | "scan" | "full")[];
}
const FAULTS: readonly Faults[] = [
  {},
  {},
  {},
  { denied: ["Deployment", "ReplicaSet", "Pod"] },
  { denied: ["NetworkPolicy"] },
  { cut: ["Deployment"] },
  { unreachable: true },
];
const app = (name: string) =>
  fc.constantFrom("good", "bad", "gone").map((how) => (how === "gone" ? [] : deployment(name, how === "bad")));
const answer: fc.Arbitrary<Answer> = fc.record({
  objects: fc
    .tuple(app("web"), app("batch"), fc.boolean())
    .map(([web, batch, held]) => [namespace(), ...(held ? [policy()] : []), ...web, ...batch]),
  faults: fc.constantFrom(...FAULTS),
  again: fc.array(fc.constantFrom("job" as const, "scan" as const, "full" as const), { maxLength: 3 }),
});

/** Where scans led, without ids and times: rows, findings with their history, roll-ups, and every point with its ledger. */
async function state(): Promise<unknown> {
  return {
    resources: await rows(`SELECT "kind", "namespace", "name" FROM "Resource" ORDER BY 1, 2, 3`),
    findings: await rows(
      `SELECT "name", "controlId", "state", "resolution", "notRechecked", "reopened" FROM "Finding" ORDER BY 1, 2`,
    ),
    history: await rows(
      `SELECT f."name", f."controlId", t."change", t."reason" FROM "FindingTransition" t JOIN "Finding" f ON f."id" = t."findingId"
       ORDER BY t."at", t."change", f."name", f."controlId"`,
    ),
    controls: (await rows<{ clusterId: string }>(`SELECT * FROM "ControlRollup" ORDER BY "controlId"`)).map(
      ({ clusterId: _, ...rest }) => rest,
    ),
    groups: await rows(`SELECT "scoreGroup", "healthy", "unhealthy", "out" FROM "GroupRollup" ORDER BY 1`),
    points: await Promise.all([points("cluster", input.cluster.id), points(), points("fleet", null)]),
  };
}

/** Scans each answer, and again what comes again where `twice` says so. */
async function run(answers: readonly Answer[], twice: boolean): Promise<unknown> {
  await reset();
  for (const { objects, faults, again } of answers) {
    const scanId = uuidv7();
    await scan(objects, { ...faults, scanId });
    for (const what of twice ? again : []) {
      // A job that comes again may find another cluster: its scan is over.
      if (what === "job") await scan([], { scanId });
      else await scan(objects, { ...faults, full: what === "full" });
    }
  }
  await ledgersAddUp();
  return state();
}

test("replayed jobs and scans of what did not change leave everything as it is, whatever came before and failed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { minLength: 2, maxLength: 6 }), async (answers) => {
      expect(await run(answers, true)).toEqual(await run(answers, false));
    }),
    { numRuns: 20 },
  );
}, 300_000);
