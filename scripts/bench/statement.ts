import { performance } from "node:perf_hooks";
import pg from "pg";
import { z } from "zod";

/** One statement as a page or an address sent it. */
export interface Statement {
  text: string;
  values: readonly unknown[];
  ms: number;
}

const given = z.union([
  z.string().transform((text) => ({ text, values: undefined })),
  z.looseObject({ text: z.string(), values: z.array(z.unknown()).optional() }),
]);

/**
 * Notes every statement that this process sends, whoever sends it: the pool, a transaction, Prisma. `take` gives what came since
 * the last `take`. Times are from sending to the last row.
 */
export function recordStatements(): { take(): Statement[] } {
  let sent: Statement[] = [];
  // One prototype for both: pg's own signature has eight overloads, none of which matters here.
  const prototype = pg.Client.prototype as { query: (...args: unknown[]) => unknown };
  const query = prototype.query;
  prototype.query = function (this: unknown, ...args: unknown[]): unknown {
    const parsed = given.safeParse(args[0]);
    const clock = performance.now();
    const done = (): void => {
      if (!parsed.success) return;
      const { text } = parsed.data;
      const values = parsed.data.values ?? (Array.isArray(args[1]) ? args[1] : []);
      sent.push({ text, values, ms: performance.now() - clock });
    };
    // A pool hands its clients a callback; everybody else awaits.
    const callback = args.at(-1);
    if (typeof callback === "function") {
      const told = (...results: unknown[]): void => {
        done();
        callback(...results);
      };
      return query.apply(this, [...args.slice(0, -1), told]);
    }
    const answer = query.apply(this, args);
    if (answer instanceof Promise) answer.then(done, done);
    return answer;
  };
  return {
    take() {
      const taken = sent;
      sent = [];
      return taken;
    },
  };
}

const plan = z.tuple([z.object({ Plan: z.looseObject({ "Total Cost": z.number(), "Node Type": z.string() }) })]);

/** The planner's total cost of a statement, and whether it reads a large table from end to end; null when it can't be explained. */
export async function explain(
  pool: pg.Pool,
  { text, values }: Statement,
): Promise<{ cost: number; scans: string[] } | null> {
  if (!/^\s*(?:SELECT|WITH)\b/i.test(text)) return null;
  const { rows } = await pool.query<{ "QUERY PLAN": unknown }>(`EXPLAIN (FORMAT JSON) ${text}`, [...values]);
  const [{ Plan }] = plan.parse(rows[0]?.["QUERY PLAN"]);
  return { cost: Plan["Total Cost"], scans: [...new Set(scansIn(Plan))] };
}

const node = z.looseObject({
  "Node Type": z.string(),
  "Relation Name": z.string().optional(),
  "Plan Rows": z.number().optional(),
  Plans: z.array(z.unknown()).optional(),
});

/** Tables read whole by a plan. */
function scansIn(at: unknown): string[] {
  const { "Node Type": type, "Relation Name": relation, Plans: below = [] } = node.parse(at);
  return [...(type === "Seq Scan" && relation !== undefined ? [relation] : []), ...below.flatMap(scansIn)];
}
