import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { ForbiddenError, mintScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { csvPieces } from "@/lib/http/export";
import { uuidv7 } from "@/lib/id";
import { AttestationError, attest, withdraw } from "./attestation/mutations";
import { attestationsOf } from "./attestation/queries";
import { auditTable } from "./export/column";
import { exportCompliance } from "./export/queries";
import { complianceHistory } from "./history/queries";
import { recordCompliance } from "./history/store";
import { FLEET, type Place } from "./place";
import { listBenchmarks, readBenchmark } from "./report/queries";
import { readRequirement } from "./requirement/queries";
import { addAccount, addCluster, addResource, useEstate } from "./testing/estate";

const DAY = 86_400_000;
const MANUAL = { benchmark: "cis-eks-1.8.0", requirement: "4.5.1" };
const [mine, other] = [uuidv7(), uuidv7()];
const [web, bare, far] = [uuidv7(), uuidv7(), uuidv7()];
const owner = mintScope("u", "Ada", [{ role: "Owner", accountId: null }]);
const ownOnly = mintScope("v", "Bo", [{ role: "Security Admin", accountId: mine }]);
const reader = mintScope("w", "Cy", [{ role: "Security Reader", accountId: mine }]);

useEstate(async () => {
  await addAccount(mine, "mine");
  await addAccount(other, "theirs");
  await addCluster(web, mine, "web", true);
  await addCluster(bare, mine, "bare", false);
  await addCluster(far, other, "far", true);
  await addResource(web, mine, "checkout", { "SW-0001": "u", "SW-0493": "h", "SW-0018": "n" });
  await addResource(web, mine, "ledger", { "SW-0001": "h", "SW-0493": "h", "SW-0018": "n" });
  await addResource(far, other, "mailer", { "SW-0001": "h", "SW-0493": "e:error" });
});

const stateOf = async (requirement: string, place: Place, scope = owner): Promise<string | undefined> =>
  (await readRequirement(scope, "cis-eks-1.8.0", requirement, place))?.state;
const at = (id: string): Place => ({ scope: "cluster", id });
const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString();
const EVIDENCE = "Looked at the list of namespaces.";

describe("a benchmark over clusters", () => {
  it("shows the worst over the place, and unknown where nobody looked", async () => {
    expect(await stateOf("4.2.1", at(web))).toBe("failed");
    expect(await stateOf("4.2.2", at(web))).toBe("passed");
    expect(await stateOf("4.5.2", at(web))).toBe("not_applicable");
    expect(await stateOf("4.1.3", at(web))).toBe("not_evaluated"); // roles could not be listed
    expect(await stateOf("4.2.2", at(far))).toBe("not_evaluated");
    expect(await stateOf("4.2.1", at(far))).toBe("passed");
    expect(await stateOf("4.2.1", at(bare))).toBe("not_evaluated");
    expect(await stateOf("4.2.1", FLEET)).toBe("failed");
    expect(await stateOf("4.5.1", FLEET)).toBe("manual");
  });

  it("counts what its requirements add up to, and leaves other clusters to other benchmarks", async () => {
    const report = await readBenchmark(owner, "cis-eks-1.8.0", FLEET);
    const sums = report?.sections
      .flatMap(({ requirements }) => requirements)
      .reduce(
        (sum, { tally }) =>
          sum + tally.passed + tally.failed + tally.manual + tally.not_evaluated + tally.not_applicable,
        0,
      );
    expect([report?.clusters, sums]).toEqual([3, 3 * (report?.requirements ?? 0)]);
    expect((await listBenchmarks(owner, FLEET)).find(({ id }) => id === "cis-aks-1.8")).toMatchObject({
      clusters: 0,
      score: null,
      coverage: null,
    });
  });

  it("shows a scope its own clusters only", async () => {
    expect((await readBenchmark(reader, "cis-eks-1.8.0", FLEET))?.clusters).toBe(2);
    const detail = await readRequirement(reader, "cis-eks-1.8.0", "4.2.1", FLEET);
    expect(detail?.clusters.map(({ name }) => name)).toEqual(["bare", "web"]);
    expect((await readRequirement(reader, "cis-eks-1.8.0", "4.2.1", at(far)))?.clusters).toEqual([]);
  });

  it("shows the facts that were collected, and that one was not told", async () => {
    const detail = await readRequirement(owner, "cis-eks-1.8.0", "5.4.2", at(web));
    const facts = detail?.clusters[0]?.facts ?? [];
    if (detail?.manual !== null)
      expect(Object.fromEntries(facts.map(({ name, value }) => [name, value]))).toMatchObject({
        "api.publicEndpoint": "yes",
        "api.privateEndpoint": null,
      });
  });
});

describe("attestations", () => {
  const input = { ...MANUAL, state: "met" as const, evidence: EVIDENCE, link: null };

  it("need the role at their place, and a requirement that people decide", async () => {
    const place = { scope: "account" as const, id: mine };
    await expect(attest(reader, { ...input, place, until: inDays(10) })).rejects.toThrow(ForbiddenError);
    await expect(attest(ownOnly, { ...input, place: { scope: "fleet" }, until: inDays(10) })).rejects.toThrow(
      ForbiddenError,
    );
    await expect(
      attest(ownOnly, { ...input, place: { scope: "account", id: other }, until: inDays(10) }),
    ).rejects.toThrow(/no such account/);
    await expect(attest(owner, { ...input, place, requirement: "4.2.1", until: inDays(10) })).rejects.toThrow(
      /Controls decide/,
    );
    await expect(attest(owner, { ...input, place, until: inDays(-1) })).rejects.toThrow(AttestationError);
    await expect(attest(owner, { ...input, place, until: inDays(400) })).rejects.toThrow(/at the most/);
  });

  it("count for their place, the nearest first, until they end; every change is audited once", async () => {
    const entries = async () => (await pool().query(`SELECT 1 FROM "AuditEntry"`)).rowCount ?? 0;
    const before = await entries();
    const until = inDays(30);
    const whole = await attest(owner, { ...input, place: { scope: "fleet" }, until });
    expect(await attest(owner, { ...input, place: { scope: "fleet" }, until })).toBe(whole);
    expect(await entries()).toBe(before + 1);
    expect(await stateOf("4.5.1", FLEET)).toBe("passed");
    await attest(ownOnly, { ...input, place: { scope: "cluster", id: web }, state: "not_met", until });
    expect(await stateOf("4.5.1", at(web))).toBe("failed");
    expect(await stateOf("4.5.1", at(far))).toBe("passed");
    const again = await attest(ownOnly, { ...input, place: { scope: "cluster", id: web }, until });
    expect(await stateOf("4.5.1", at(web))).toBe("passed");
    const said = await attestationsOf(owner, MANUAL.benchmark, MANUAL.requirement);
    expect(said.map(({ live, scope, state }) => [live, scope, state])).toEqual([
      [true, "cluster", "met"],
      [false, "cluster", "not_met"],
      [true, "fleet", "met"],
    ]);
    await expect(withdraw(reader, again)).rejects.toThrow(ForbiddenError);
    await withdraw(owner, again);
    await withdraw(owner, again);
    await withdraw(owner, whole);
    expect(await entries()).toBe(before + 5);
    expect(await stateOf("4.5.1", FLEET)).toBe("manual");
  });

  it("run out: the requirement then waits for a person again", async () => {
    await attest(owner, { ...input, place: { scope: "fleet" }, until: inDays(1) });
    expect(await stateOf("4.5.1", FLEET)).toBe("passed");
    await pool().query(`UPDATE "Attestation" SET until = now() - interval '1 second' WHERE "endedAt" IS NULL`);
    expect(await stateOf("4.5.1", FLEET)).toBe("manual");
  });
});

describe("history", () => {
  it("keeps a point a day and place, rewritten while it is that day and only when something moved", async () => {
    const [yesterday, today] = [new Date(Date.now() - DAY), new Date()];
    const written = await recordCompliance(pool(), yesterday, "UTC");
    expect(written).toBeGreaterThan(0);
    expect(await recordCompliance(pool(), yesterday, "UTC")).toBe(0);
    await recordCompliance(pool(), today, "UTC");
    await pool().query(
      `UPDATE "ControlRollup" SET unhealthy = 0, healthy = 2 WHERE "clusterId" = $1 AND "controlId" = 'SW-0001'`,
      [web],
    );
    expect(await recordCompliance(pool(), today, "UTC")).toBeGreaterThan(0);
    const points = (await complianceHistory(owner, FLEET, 30, "pss-baseline")).get("pss-baseline") ?? [];
    expect(points).toHaveLength(2);
    expect(points[1]?.score ?? 0).toBeGreaterThan(points[0]?.score ?? 100);
    expect((await complianceHistory(owner, at(web), 30)).get("pss-baseline")).toHaveLength(2);
    await pool().query(
      `UPDATE "ControlRollup" SET unhealthy = 1, healthy = 1 WHERE "clusterId" = $1 AND "controlId" = 'SW-0001'`,
      [web],
    );
  });

  it("is, for who sees some accounts, the sum of those", async () => {
    const own = (await complianceHistory(reader, FLEET, 30, "pss-baseline")).get("pss-baseline") ?? [];
    const account = (await complianceHistory(owner, { scope: "account", id: mine }, 30, "pss-baseline")).get(
      "pss-baseline",
    );
    expect(own).toEqual(account);
    expect((await complianceHistory(reader, at(far), 30)).size).toBe(0);
    expect((await complianceHistory(reader, { scope: "account", id: other }, 30)).size).toBe(0);
  });
});

describe("the auditor's file", () => {
  const read = async (place: Place, scope = owner): Promise<Record<string, string>[]> => {
    const rows = await exportCompliance(scope, "cis-eks-1.8.0", place);
    if (rows === null) throw new Error("no benchmark");
    let text = "";
    for await (const piece of csvPieces(auditTable, rows)) text += piece;
    const lines: Record<string, string>[] = parse(text, { columns: true });
    expect(lines).toHaveLength(rows.total);
    return lines;
  };

  it("has a line for each requirement and cluster, and behind it each assessment", async () => {
    const lines = await read(FLEET);
    const report = await readBenchmark(owner, "cis-eks-1.8.0", FLEET);
    expect(lines.filter(({ record }) => record === "requirement")).toHaveLength(3 * (report?.requirements ?? 0));
    const privileged = lines.filter(({ requirement, cluster }) => requirement === "4.2.1" && cluster === "web");
    expect(privileged.map(({ record, resource, outcome, state }) => [record, resource, outcome, state])).toEqual([
      ["requirement", "", "failed", "failed"],
      ["assessment", "checkout", "unhealthy", "failed"],
      ["assessment", "ledger", "healthy", "failed"],
    ]);
    expect(privileged[1]).toMatchObject({
      severity: "high",
      owner: "team-a",
      account: "mine",
      schemaVersion: "seawall.compliance/1",
    });
    expect(privileged[1]?.remediation).not.toBe("");
    expect(privileged[1]?.evidence).toBe("spec.x: =cmd()");
    const unknown = lines.filter(({ requirement, cluster }) => requirement === "4.2.2" && cluster === "far");
    expect(unknown.map(({ outcome }) => outcome)).toEqual(["not_evaluated", "not_evaluated"]);
  });

  it("names the publisher's level where the benchmark knows it", async () => {
    await pool().query(`UPDATE "Cluster" SET distribution = 'arc' WHERE id = $1`, [web]);
    const rows = await exportCompliance(owner, "cis-kubernetes-1.12", at(web));
    if (rows === null) throw new Error("no benchmark");
    const levels = new Map<string, string>();
    for await (const batch of rows.batches) for (const { requirement, level } of batch) levels.set(requirement, level);
    await pool().query(`UPDATE "Cluster" SET distribution = 'eks' WHERE id = $1`, [web]);
    expect([levels.get("5.2.1"), levels.get("5.2.7"), levels.get("5.6.1"), levels.get("5.6.4")]).toEqual([
      "1",
      "2",
      "1",
      "2",
    ]);
    expect((await read(at(web))).every(({ level }) => level === "")).toBe(true);
  });

  it("keeps a finding that is open though its resource says nothing any more, and shows a scope its own", async () => {
    await pool().query(`UPDATE "Resource" SET outcomes = NULL WHERE name = 'checkout'`);
    const lines = (await read(at(web))).filter(({ requirement }) => requirement === "4.2.1");
    expect(lines.map(({ resource, outcome }) => [resource, outcome])).toContainEqual(["checkout", "unhealthy"]);
    expect(lines.find(({ resource }) => resource === "checkout")?.evidence).toMatch(/not re-checked/);
    expect(new Set((await read(FLEET, reader)).map(({ cluster }) => cluster))).toEqual(new Set(["web", "bare"]));
    expect(await read(at(far), reader)).toEqual([]);
  });
});
