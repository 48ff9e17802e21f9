import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { closeDatabase, pool } from "@/lib/db";
import { createQueues, jobClient } from "@/lib/jobs";
import { testDatabase } from "@/lib/testing/database";
import { hasRole, mintScope } from "../scope";
import { type Furniture, furnish, MADE } from "../testing/made";
import { makePerson, makePersonas, makePlace, type Persona, type Place } from "../testing/personas";
import { type Entry, scanEntries } from "./entries";
import { RULES, type Rule } from "./rules";

// The framework's request is all that is stood in for: sign-in, gates, queries and mutations are the real ones on a real database.
const request = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock("next/headers", () => ({
  headers: async () => request.headers,
  cookies: async () => ({
    get: () => undefined,
    set: () => undefined,
    toString: () => request.headers.get("cookie") ?? "",
  }),
}));
vi.mock("next/cache", () => ({ revalidatePath: () => undefined, unstable_noStore: () => undefined }));

const root = path.resolve(import.meta.dirname, "../../..");
const entries = scanEntries(root);
const ruleOf = (entry: Entry): Rule => RULES[entry.key] ?? { needs: "public" };
const of = (kind: Entry["kind"]) => entries.filter((entry) => entry.kind === kind && entry.key in RULES);
const load = (file: string): Promise<Record<string, unknown>> =>
  import(/* @vite-ignore */ pathToFileURL(path.join(root, file)).href);

const folder = mkdtempSync(path.join(tmpdir(), "seawall-matrix-"));
let own: Place & Furniture;
let foreign: Place & Furniture;
let personas: Persona[];
let drop: () => Promise<void>;

const furnished = async (mark: string): Promise<Place & Furniture> => {
  const place = await makePlace(mark);
  return { ...place, ...(await furnish(place)) };
};

beforeAll(async () => {
  const database = await testDatabase();
  Object.assign(process.env, {
    DATABASE_URL: database.url,
    SEAWALL_SESSION_SECRET: "a secret of this test, long enough to sign",
    SEAWALL_DATA_DIR: folder,
  });
  drop = database.drop;
  const boss = jobClient(database.url, "worker");
  await boss.start();
  await createQueues(boss);
  await boss.stop({ graceful: false });
  [own, foreign] = [await furnished("mine"), await furnished("theirs")];
  await makePerson("A second Owner", [["Owner", null]]); // so that taking one away is never refused for being the last
  personas = await makePersonas(own, foreign);
}, 300_000);
afterAll(async () => {
  await closeDatabase();
  await drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs as somebody (null: signed out) and gives what came back or was thrown. */
async function as(headers: Headers | null, work: () => unknown): Promise<{ value?: unknown; thrown?: unknown }> {
  request.headers = headers ?? new Headers({ host: "127.0.0.1:3000" });
  try {
    return { value: await work() };
  } catch (thrown) {
    return { thrown };
  }
}
const digest = (thrown: unknown): string =>
  thrown instanceof Error && "digest" in thrown ? String(thrown.digest) : thrown === undefined ? "" : String(thrown);
/** Puts what is meant in that place into texts of a rule; what is made anew is made once for all of them. */
async function fillerFor(texts: readonly string[], place: Place & Furniture): Promise<(text: string) => string> {
  const wanted = Object.entries(MADE).filter(([name]) => texts.some((text) => text.includes(name)));
  const made = await Promise.all(wanted.map(async ([name, make]) => [name, await make(place)] as const));
  const meant = [...Object.entries(place).map(([name, value]) => [`$${name}`, value] as const), ...made];
  return (text) => meant.reduce((said, [name, value]) => said.replaceAll(name, value), text);
}
async function filledAll(given: Readonly<Record<string, string>>, place: Place & Furniture) {
  const fill = await fillerFor(Object.values(given), place);
  return Object.fromEntries(Object.entries(given).map(([name, text]) => [name, fill(text)]));
}

async function argumentsOf(rule: Rule, place: Place & Furniture): Promise<unknown[]> {
  if (rule.args !== undefined) {
    const fill = await fillerFor(
      rule.args.filter((each) => typeof each === "string"),
      place,
    );
    return rule.args.map((each) => (typeof each === "string" ? fill(each) : each));
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(await filledAll(rule.form ?? {}, place))) form.set(name, value);
  return [{}, form];
}
const call = async (entry: Entry, args: unknown[]): Promise<unknown> => {
  const action = (await load(entry.file))[entry.names[0] ?? ""];
  if (typeof action !== "function") throw new Error(`${entry.key} is no function`);
  return action(...args);
};
const auditHead = async (): Promise<string> =>
  (await pool().query<{ seq: string }>(`SELECT seq FROM "AuditHead"`)).rows[0]?.seq ?? "";

/** Everything that a page hands to its parts, calling those of the server; client parts have no request to run in here. */
async function rendered(node: unknown, depth = 0): Promise<string> {
  if (node === null || node === undefined || typeof node === "boolean" || depth > 60) return "";
  if (typeof node === "string" || typeof node === "number" || typeof node === "bigint") return `${node} `;
  if (Array.isArray(node)) return (await Promise.all(node.map((each) => rendered(each, depth + 1)))).join("");
  if (typeof node !== "object") return "";
  let text = "";
  const { type, props } = node as { type?: unknown; props?: unknown };
  if (typeof type === "function") {
    const inner: unknown = await Promise.resolve()
      .then(() => type(props))
      .catch(() => null); // a hook outside of a browser
    text += await rendered(inner, depth + 1);
  }
  for (const [key, value] of Object.entries(node)) if (!key.startsWith("_")) text += await rendered(value, depth + 1);
  return text;
}

describe("the table", () => {
  it("names every page, route handler and server action, and nothing that is gone", () => {
    const keys = entries.map((entry) => entry.key).sort();
    expect(keys, "add a line to domain/access/matrix/rules.ts for each").toEqual(Object.keys(RULES).sort());
  });
});

describe("pages", () => {
  // React tells of every client part that has no browser here; that is what the walk expects.
  beforeAll(() => {
    const hush = vi.spyOn(console, "error").mockImplementation(() => undefined);
    return () => hush.mockRestore();
  });

  it.each(of("page").map((entry) => [entry.key, entry] as const))(
    "%s",
    async (_key, entry) => {
      const rule = ruleOf(entry);
      const page = (await load(entry.file)).default;
      if (typeof page !== "function") throw new Error("no page");
      const parts = [...entry.key.matchAll(/\[(\w+)\]/g)].map((match) => match[1]);
      expect(Object.keys(rule.params ?? {}), "say in rules.ts what its address names").toEqual(parts);
      for (const asked of rule.search ?? [{}]) {
        const [params, search] = [await filledAll(rule.params ?? {}, own), await filledAll(asked, own)];
        const show = () => page({ params: Promise.resolve(params), searchParams: Promise.resolve(search) });
        const stranger = await as(null, show);
        if (rule.needs === "public") return expect(digest(stranger.thrown)).not.toContain("/sign-in");
        // A page that only leads on needs no gate: where it leads has one.
        expect(digest(stranger.thrown), "signed out").toMatch(/^NEXT_REDIRECT/);
        for (const persona of personas) {
          const who = `${persona.name} asks for ${JSON.stringify(search)}`;
          const { value, thrown } = await as(persona.headers, show);
          expect(digest(thrown), who).toMatch(/^$|^NEXT_/);
          const text = await rendered(value);
          const scope = mintScope("x", "x", persona.grants);
          const seesOwn = hasRole(scope, "Security Reader", own.account);
          // A page that nobody is shown would pass all that follows.
          if (hasRole(scope, "Owner", own.account)) expect(digest(thrown), who).not.toContain(";404");
          const names = [...Object.values(rule.params ?? {}), ...Object.values(asked)].some((each) =>
            each.includes("$"),
          );
          if (names && seesOwn && thrown === undefined) expect(text, who).toContain("-mine");
          if (!seesOwn) expect(text, `${who} and sees another's account`).not.toContain("-mine");
          if (seesOwn && scope.accountIds !== null)
            expect(text, `${who} and sees another's account`).not.toContain("-theirs");
          if (rule.needs !== "person" && !hasRole(scope, rule.needs, own.account))
            expect(text, `${who} and lacks ${rule.needs}`).not.toContain("-mine");
        }
      }
    },
    240_000,
  );
});

describe("route handlers", () => {
  it.each(
    of("handler")
      .filter((entry) => ruleOf(entry).needs !== "public")
      .map((entry) => [entry.key, entry] as const),
  )(
    "%s",
    async (_key, entry) => {
      const rule = ruleOf(entry);
      const module = await load(entry.file);
      for (const method of entry.names) {
        const handler = module[method];
        if (typeof handler !== "function") throw new Error("no handler");
        const ask = (place: Place, headers: Headers) => () =>
          handler(new Request(`http://127.0.0.1:3000${entry.key.split(" ")[1]}`, { method, headers }), {
            params: Promise.resolve({ id: place.account, path: ["no-such-thing"], all: [] }),
          });
        const stranger = await as(null, ask(own, new Headers()));
        expect(stranger.value, `${method} signed out`).toMatchObject({ status: 401 });
        const forged = new Headers({ authorization: `Bearer sw_${"0".repeat(42)}` });
        expect((await as(null, ask(own, forged))).value, `${method} with a made-up token`).toMatchObject({
          status: 401,
        });
        if (rule.needs === "person" || rule.needs === "public") continue;
        for (const persona of personas) {
          const { value, thrown } = await as(persona.headers, ask(own, persona.headers));
          expect(thrown, persona.name).toBeUndefined();
          const response = value as Response; // handlers answer with nothing else
          const scope = mintScope("x", "x", persona.grants);
          // Without `everywhere`, an entry without an account of its own may show what the role reaches elsewhere, never ours.
          const text = response.ok ? await response.text() : "";
          if (hasRole(scope, rule.needs, own.account)) expect(response.status, persona.name).toBe(200);
          else if (response.ok) expect(text, persona.name).not.toContain("-mine");
          else expect([403, 404], persona.name).toContain(response.status);
        }
      }
    },
    240_000,
  );
});

/** What nobody's browser sends: no arguments, other types, and texts that can't be kept. */
async function rubbishFor(rule: Rule): Promise<unknown[][]> {
  const usual = await argumentsOf(rule, own);
  const form = new FormData();
  const entered = rule.form ?? { id: "x", token: "x", code: "x", email: "x", password: "x", person: "x", name: "x" };
  for (const [name, value] of Object.entries(await filledAll(entered, own))) form.set(name, `${value}\0`);
  const spoilt = usual.map((each) => (typeof each === "string" ? `${each}\0` : each));
  return [[], [null, null, null], [{}, "form"], [7, { get: "x" }, []], [{}, form], ...(rule.args ? [spoilt] : [])];
}

describe("server actions", () => {
  it.each(of("action").map((entry) => [entry.key, entry] as const))(
    "%s is no fault of ours whatever it is handed",
    async (_key, entry) => {
      const rule = ruleOf(entry);
      const owner = personas.find(({ grants }) => grants.some(({ role, accountId }) => role === "Owner" && !accountId));
      if (owner === undefined) throw new Error("no Owner");
      for (const headers of [null, ...(rule.needs === "public" ? [] : [owner.headers])]) {
        for (const args of await rubbishFor(rule)) {
          const { thrown } = await as(headers, () => call(entry, args));
          expect(digest(thrown), JSON.stringify(args)).toMatch(/^$|^NEXT_/);
        }
      }
    },
    240_000,
  );

  it.each(of("action").map((entry) => [entry.key, entry] as const))(
    "%s",
    async (_key, entry) => {
      const rule = ruleOf(entry);
      const { needs } = rule;
      if (needs === "public") return;
      const before = await auditHead();
      const stranger = await as(null, () => argumentsOf(rule, own).then((args) => call(entry, args)));
      expect(digest(stranger.thrown), "signed out").toMatch(/^NEXT_REDIRECT;[^;]*;\/sign-in;/);
      expect(await auditHead(), "signed out").toBe(before);
      if (needs === "person" || (rule.form === undefined && rule.args === undefined)) return;
      // The weakest first, so that what the strong do is not there yet when the weak try.
      for (const persona of personas.toReversed()) {
        const scope = mintScope("x", "x", persona.grants);
        const may = hasRole(scope, needs, rule.everywhere ? undefined : own.account);
        const head = await auditHead();
        const { value, thrown } = await as(persona.headers, () =>
          argumentsOf(rule, own).then((args) => call(entry, args)),
        );
        if (rule.draws) {
          const text = await rendered(value);
          if (may) expect(text, `${persona.name} may`).toContain("-mine");
          else expect(text, `${persona.name} may not`).toMatch(/^(?!.*-mine).*no such/s);
          continue;
        }
        const said =
          typeof value === "object" && value !== null && "problem" in value ? String(value.problem) : digest(thrown);
        const refused = /role|gone|Owner|do not see|no such|nothing is held for you/i;
        const unseen = rule.silent === true && !hasRole(scope, "Security Reader", own.account);
        if (may) {
          expect(said, `${persona.name} may`).not.toMatch(refused);
          if (rule.silent) expect(await auditHead(), `${persona.name} changed nothing`).not.toBe(head);
        } else {
          if (!unseen) expect(said, `${persona.name} may not`).toMatch(refused);
          expect(await auditHead(), `${persona.name} changed something`).toBe(head);
        }
      }
    },
    240_000,
  );
});
