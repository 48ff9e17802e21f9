import { beforeEach, describe, expect, it } from "vitest";
import { ForbiddenError, mintScope, type Role } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useTestDatabase } from "@/lib/testing/use-database";
import { loadControls } from "../load";
import { entered, written } from "./entry";
import { clearParameters, setParameters } from "./mutations";
import { placeKey } from "./place";
import { affectedBy, listOverrides, parameterChoices, placeVersions } from "./queries";
import { resolveParameters } from "./resolve";
import { overrideSchema, type ParameterPlace } from "./schema";
import { loadOverrides } from "./store";
import { ParameterError, ParameterRaceError, parametersFor } from "./value";

const CONTROL = "SW-0005";
const scopeOf = (role: Role, accountId: string | null) => mintScope("u", "Ada", [{ role, accountId }]);
const admin = scopeOf("Security Admin", null);
/** Entries of the tests before: the log only grows. */
let audits = 0;
let [account, other, cluster, foreign] = ["", "", "", ""];

useTestDatabase();
beforeEach(async () => {
  await pool().query(`TRUNCATE "Account", "ParameterOverride" CASCADE`);
  audits = (await pool().query(`SELECT FROM "AuditEntry"`)).rowCount ?? 0;
  const ids = Array.from({ length: 4 }, () => uuidv7());
  [account, other, cluster, foreign] = ids as [string, string, string, string];
  for (const [id, name] of [
    [account, "mine"],
    [other, "theirs"],
  ])
    await pool().query(
      `INSERT INTO "Account" (id, provider, name, "externalId", settings, "updatedAt") VALUES ($1, 'aws', $2, $2, '{}', now())`,
      [id, name],
    );
  for (const [id, of, name] of [
    [cluster, account, "prod"],
    [foreign, other, "far"],
  ])
    await pool().query(
      `INSERT INTO "Cluster" (id, "accountId", distribution, name, aliases, managed) VALUES ($1, $2, 'eks', $3, '{}', '{}')`,
      [id, of, name],
    );
});

const MEMORY: Record<string, unknown> = { resources: ["memory"] };
const over = (scope: typeof admin, place: ParameterPlace, params: Record<string, unknown>, begun: string | null) =>
  setParameters(
    scope,
    overrideSchema.parse({ control: CONTROL, place, params, reason: "the team's agreement" }),
    begun,
  );
/** What a place holds, as a form that is opened now begins with it. */
const begun = async (place: ParameterPlace) => (await placeVersions(admin, CONTROL))[placeKey(place)] ?? null;
const set = async (scope: typeof admin, place: ParameterPlace, params = MEMORY) => {
  const { changed } = await over(scope, place, params, await begun(place));
  return { changed };
};
const audited = async () =>
  (
    await pool().query<{ action: string; target: string; accountId: string | null; before: unknown; after: unknown }>(
      `SELECT action, target, "accountId", before, after FROM "AuditEntry" ORDER BY at, id OFFSET ${audits}`,
    )
  ).rows;

describe("setting", () => {
  it("is stored, audited and read, once", async () => {
    expect(await set(admin, { scope: "fleet" })).toEqual({ changed: true });
    expect(await set(admin, { scope: "fleet" })).toEqual({ changed: false });
    expect(await set(admin, { scope: "fleet" }, { resources: ["cpu"] })).toEqual({ changed: true });
    const rows = await audited();
    expect(rows.map(({ action }) => action)).toEqual(["posture.parameters-set", "posture.parameters-set"]);
    expect(rows[1]).toMatchObject({
      target: "SW-0005 fleet",
      before: { params: { resources: ["memory"] } },
      after: { params: { resources: ["cpu"] } },
    });
    expect(await listOverrides(admin)).toMatchObject([
      { control: CONTROL, scope: "fleet", params: { resources: ["cpu"] } },
    ]);
  });
  it("at once by several is one row of one of them, and the others are told", async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        over(admin, { scope: "cluster", cluster }, { resources: [`r${index}`] }, null),
      ),
    );
    const refused = all.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(refused).toEqual(Array(7).fill(expect.any(ParameterRaceError)));
    expect(await listOverrides(admin)).toHaveLength(1);
    expect(await audited()).toHaveLength(1);
  });
  it("replaces what the form began with, of that place alone, and nothing that was set since", async () => {
    const [prod, shop] = [
      { scope: "cluster", cluster } as const,
      { scope: "namespace", cluster, namespace: "shop" } as const,
    ];
    const first = await over(admin, prod, MEMORY, null);
    expect(first).toEqual({ changed: true, version: await begun(prod) });
    // Two tabs that were opened before: one that saw nothing there, one that saw the first.
    const second = await over(admin, prod, { resources: ["cpu"] }, first.version);
    for (const late of [null, first.version])
      await expect(over(admin, prod, { quantity: "0" }, late)).rejects.toThrow(
        /Somebody set parameters.*nothing was saved/,
      );
    expect(await listOverrides(admin)).toMatchObject([{ params: { resources: ["cpu"] } }]);
    expect(await over(admin, prod, { resources: ["cpu"] }, first.version)).toEqual({ ...second, changed: false });
    // Another place is nobody's concern, and what was taken away is overwritten by nothing.
    expect(await over(admin, shop, MEMORY, null)).toMatchObject({ changed: true });
    const [shown] = (await listOverrides(admin)).filter(({ scope }) => scope === "cluster");
    expect(await clearParameters(admin, shown?.id ?? "", shown?.version ?? "")).toBe(true);
    expect(await over(admin, prod, MEMORY, first.version)).toMatchObject({ changed: true });
    // Who does not see a place learns nothing of it.
    expect(Object.keys(await placeVersions(scopeOf("Security Reader", other), CONTROL))).toEqual([]);
    expect(Object.keys(await placeVersions(admin, CONTROL)).sort()).toEqual([cluster, `${cluster}/shop`].sort());
  });
  it("is taken away as it was shown, and not when somebody set others since", async () => {
    const prod = { scope: "cluster", cluster } as const;
    await over(admin, prod, MEMORY, null);
    const [shown] = await listOverrides(admin);
    await over(admin, prod, { resources: ["cpu"] }, shown?.version ?? null);
    const take = (version = "") => clearParameters(admin, shown?.id ?? "", version);
    await expect(take(shown?.version)).rejects.toThrow(/set these parameters anew.*nothing was taken away/);
    const [now] = await listOverrides(admin);
    expect(now).toMatchObject({ params: { resources: ["cpu"] } });
    expect(await take(now?.version)).toBe(true);
    expect(await take(now?.version)).toBe(false);
    expect((await audited()).map(({ action }) => action)).toEqual([
      ...["posture.parameters-set", "posture.parameters-set", "posture.parameters-cleared"],
    ]);
  });
  it("is loaded for a cluster from all its places, and from no other's", async () => {
    await set(admin, { scope: "fleet" });
    await set(admin, { scope: "account", account });
    await set(admin, { scope: "cluster", cluster });
    await set(admin, { scope: "namespace", cluster, namespace: "shop" });
    await set(admin, { scope: "account", account: other });
    await set(admin, { scope: "cluster", cluster: foreign });
    const scopes = async (of: string, id: string) =>
      (await loadOverrides(pool(), of, id)).map(({ scope }) => scope).sort();
    expect(await scopes(account, cluster)).toEqual(["account", "cluster", "fleet", "namespace"]);
    expect(await scopes(other, foreign)).toEqual(["account", "cluster", "fleet"]);
  });
  it.each([
    [{ resources: "memory" }, /resources: Invalid input/],
    [{ resource: ["x"] }, /Did you mean resources/],
    [{ quantity: "(" }, /can't judge/],
    [{ quantity: "\ud800" }, /half a character/],
    [{ resources: ["a\0"] }, /a NUL/],
    [{ resources: Array(501).fill("x") }, /Too big/],
    [{}, /at least one/],
  ])("refuses %#", async (params, said) => {
    await expect(set(admin, { scope: "fleet" }, params)).rejects.toThrow(said);
    await expect(set(admin, { scope: "fleet" }, params)).rejects.toThrow(ParameterError);
    expect(await audited()).toEqual([]);
  });
});

describe("who may", () => {
  it("is an Admin of the place; Readers and strangers not", async () => {
    const mine = scopeOf("Security Admin", account);
    await expect(set(mine, { scope: "fleet" })).rejects.toThrow(ForbiddenError);
    await expect(set(scopeOf("Security Reader", account), { scope: "account", account })).rejects.toThrow(
      ForbiddenError,
    );
    // A place that may not be seen is no place.
    await expect(set(mine, { scope: "account", account: other })).rejects.toThrow("There is no such account.");
    await expect(set(mine, { scope: "cluster", cluster: foreign })).rejects.toThrow("There is no such cluster.");
    expect(await audited()).toEqual([]);
    expect(await set(mine, { scope: "namespace", cluster, namespace: "shop" })).toEqual({ changed: true });
    expect((await audited())[0]?.accountId).toBe(account);
  });
  it("sees the fleet's and its own", async () => {
    await set(admin, { scope: "fleet" });
    await set(admin, { scope: "account", account });
    await set(admin, { scope: "cluster", cluster: foreign });
    const mine = scopeOf("Security Reader", account);
    expect((await listOverrides(mine)).map(({ scope }) => scope)).toEqual(["fleet", "account"]);
    expect(await parameterChoices(mine)).toEqual({ fleet: false, accounts: [], clusters: [] });
    const choices = await parameterChoices(scopeOf("Security Admin", account));
    expect(choices).toMatchObject({ fleet: false, accounts: [{ id: account }], clusters: [{ id: cluster }] });
  });
  it("takes away what it may, once", async () => {
    await set(admin, { scope: "account", account });
    await set(admin, { scope: "fleet" });
    const [fleet, own] = await listOverrides(admin);
    const reader = scopeOf("Security Reader", null);
    await expect(clearParameters(reader, own?.id ?? "", own?.version ?? "")).rejects.toThrow(ForbiddenError);
    await expect(
      clearParameters(scopeOf("Security Admin", account), fleet?.id ?? "", fleet?.version ?? ""),
    ).rejects.toThrow(ForbiddenError);
    expect(await clearParameters(scopeOf("Security Admin", other), own?.id ?? "", own?.version ?? "")).toBe(false);
    expect(await clearParameters(scopeOf("Security Admin", account), own?.id ?? "", own?.version ?? "")).toBe(true);
    expect(await clearParameters(admin, own?.id ?? "", own?.version ?? "")).toBe(false);
    expect((await audited()).at(-1)?.action).toBe("posture.parameters-cleared");
  });
});

it("goes with its account and cluster", async () => {
  await set(admin, { scope: "namespace", cluster, namespace: "shop" });
  await set(admin, { scope: "account", account });
  await pool().query(`DELETE FROM "Account" WHERE id = $1`, [account]);
  expect(await listOverrides(admin)).toEqual([]);
});

it("counts what lies in a place", async () => {
  await pool().query(
    `INSERT INTO "ControlRollup" ("clusterId", "controlId", healthy, unhealthy, "notApplicable", "notEvaluated") VALUES ($1, $3, 5, 2, 9, 1), ($2, $3, 1, 0, 0, 0)`,
    [cluster, foreign, CONTROL],
  );
  expect(await affectedBy(admin, CONTROL, { scope: "fleet" })).toEqual({
    clusters: 2,
    healthy: 6,
    unhealthy: 2,
    notEvaluated: 1,
  });
  expect(await affectedBy(admin, CONTROL, { scope: "account", account: other })).toMatchObject({
    clusters: 1,
    healthy: 1,
  });
  expect(await affectedBy(scopeOf("Security Reader", account), CONTROL, { scope: "fleet" })).toMatchObject({
    healthy: 5,
  });
  expect(await affectedBy(admin, CONTROL, { scope: "namespace", cluster, namespace: "shop" })).toMatchObject({
    healthy: 0,
  });
});

it("every control's own parameters can be written in a form, read back and are allowed", () => {
  for (const control of loadControls()) {
    for (const [name, value] of Object.entries(control.params)) {
      if (value === "") continue;
      expect(entered(value, written(value)), `${control.id} ${name}`).toEqual(value);
    }
    expect(parametersFor(control, control.params)).toEqual(control.params);
  }
});

it("refuses an empty pattern, which would match everything, and passes over one that is stored", () => {
  const control = (id: string) => loadControls().filter((one) => one.id === id);
  const [exec] = control("SW-0486");
  const params = { tenantRoles: "" };
  expect(() => exec && parametersFor(exec, params)).toThrow("tenantRoles: an empty text");
  const stored = { controlId: "SW-0486", scope: "fleet" as const, namespace: "", params };
  expect(resolveParameters(control("SW-0486"), [stored]).controls[0]?.params).toEqual(exec?.params);
  const [limit] = control("SW-0217");
  expect(limit && parametersFor(limit, { cpu: "" })).toEqual({ cpu: "" });
});

it("refuses a parameter called __proto__, in the console and in a file", () => {
  const params: unknown = JSON.parse('{"__proto__":["a"]}');
  const [control] = loadControls();
  expect(() => control && parametersFor(control, params)).toThrow("has no parameter __proto__");
  const asked = overrideSchema.safeParse({ control: "SW-0005", place: { scope: "fleet" }, params, reason: "a test" });
  expect(asked.error?.issues.map(({ path }) => path)).toEqual([["params"]]);
});
