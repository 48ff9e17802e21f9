import { beforeAll, describe, expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { queryRecord } from "@/lib/http/list-query";
import { wrongCounts } from "@/lib/testing/finding-counts";
import { makeFleet } from "@/lib/testing/fleet";
import { useTestDatabase } from "@/lib/testing/use-database";
import { findingCounts } from "./count/counts";
import { MOST_COUNTED } from "./count/queries";
import { exportFindings } from "./export/queries";
import { findingPage, readFinding } from "./page/queries";
import { FINDING_FACETS, type FindingItem, type FindingQuery, findingQuery } from "./schema";

const CONTROLS = ["SW-0017:high", "SW-0001:critical", "SW-0002:medium", "SW-0003:low"].map((text, at) => ({
  id: text.slice(0, 7),
  scoreGroup: at % 2 === 0 ? "access-and-permissions" : "network-access",
  severity: [2, 3, 1, 0][at] ?? 0,
}));
const everything = mintScope("u", "Ada", [{ role: "Security Reader", accountId: null }]);
let all: FindingItem[] = [];
let clusterIds: string[] = [];
let accountIds: string[] = [];

useTestDatabase();
beforeAll(async () => {
  await makeFleet(pool(), { accounts: 3, clusters: 6, workloads: 30, failing: 0.5, scans: 2 }, CONTROLS);
  await pool().query(`UPDATE "Finding" SET name = initcap(name) WHERE name LIKE 'ch%' AND severity = 3`);
  all = await drain(findingQuery.parse({ state: "open,resolved" }));
  clusterIds = [...new Set(all.map((item) => item.cluster.id))];
  accountIds = [...new Set(all.map((item) => item.account.id))];
}, 600_000);

async function drain(query: FindingQuery, scope = everything): Promise<FindingItem[]> {
  const rows = await exportFindings(scope, query);
  const items: FindingItem[] = [];
  for await (const batch of rows.batches) items.push(...batch);
  expect(items).toHaveLength(rows.total);
  return items;
}

async function walk(query: FindingQuery, scope = everything): Promise<FindingItem[]> {
  const items: FindingItem[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Awaited<ReturnType<typeof findingPage>> = await findingPage(scope, { ...query, cursor });
    items.push(...page.items);
    cursor = page.next;
    if (cursor === null) return items;
    expect(page.items).toHaveLength(query.size);
  }
}

const finds = ({ name, namespace, message }: FindingItem, q: string): boolean =>
  q.length < 3
    ? [name, namespace].some((text) => text.toLowerCase().startsWith(q))
    : `${name} ${namespace} ${message}`.toLowerCase().includes(q);

/** The filter said again in JavaScript, over all findings. */
function matches(item: FindingItem, query: FindingQuery, but?: string): boolean {
  const any = (name: string, chosen: readonly string[], value: string | null) =>
    name === but || chosen.length === 0 || (value !== null && chosen.includes(value));
  const states = but === "state" ? ["open", "resolved"] : query.state.length === 0 ? ["open"] : query.state;
  return (
    ((item.state === "open" &&
      (states.includes("open") || (states.includes("not-rechecked") && item.notRechecked !== null))) ||
      (item.state === "resolved" && states.includes("resolved"))) &&
    any("severity", query.severity, item.severity) &&
    any("group", query.group, item.group) &&
    any("control", query.control, item.control.id) &&
    any("account", query.account, item.account.id) &&
    any("distribution", query.distribution, item.cluster.distribution) &&
    any("cluster", query.cluster, item.cluster.id) &&
    any("namespace", query.namespace, item.namespace) &&
    any("kind", query.kind, item.kind) &&
    any("owner", query.owner, item.owner) &&
    (but === "reopened" || query.reopened === null || item.reopened > 0 === query.reopened) &&
    (query.firstSeenAfter === null || item.firstSeenAt >= query.firstSeenAfter) &&
    (query.lastSeenBefore === null || item.lastSeenAt < query.lastSeenBefore) &&
    (query.q === null || finds(item, query.q.toLowerCase()))
  );
}
const valuesOf = (item: FindingItem, facet: string): string[] =>
  ({
    severity: [item.severity],
    state: [item.state, ...(item.notRechecked !== null && item.state === "open" ? ["not-rechecked"] : [])],
    group: [item.group],
    control: [item.control.id],
    account: [item.account.id],
    distribution: [item.cluster.distribution],
    cluster: [item.cluster.id],
    namespace: [item.namespace],
    kind: [item.kind],
    owner: [item.owner ?? ""],
    reopened: [String(item.reopened > 0)],
  })[facet] ?? [];

const FILTERS = [
  "",
  "state=open,resolved",
  "state=not-rechecked",
  "state=resolved&severity=critical",
  "severity=high,low&sort=-firstSeen",
  "group=network-access&sort=name",
  "control=SW-0017&sort=-firstSeen",
  "namespace=kube-system",
  "namespace=kube-system&kind=Deployment&sort=-namespace",
  "kind=CronJob,StatefulSet&sort=control",
  "owner=team-3",
  "owner=team-3&severity=medium",
  "reopened=true",
  "reopened=false&state=resolved",
  "q=CHECKOUT",
  "q=checkout-7&severity=high",
  "q=%25_",
  "q=ch",
  "q=Ch&state=open,resolved&sort=name",
  "q=K",
  "q=k&severity=high",
  "q=te&account=A0",
  "q=he",
  "q=%25",
  "q=SW-0001",
  "distribution=eks&sort=cluster",
  "distribution=aks,arc&severity=high&control=SW-0017",
  "account=A0&sort=-cluster",
  "cluster=C0,C1&namespace=team-1",
  "firstSeenAfter=T&size=500",
  "lastSeenBefore=T&kind=Deployment",
];

describe("findings under a filter", () => {
  it.each(FILTERS)(
    "%s: pages, counts, facets and the file agree with the rows themselves",
    async (search) => {
      const filled = search
        .replace("A0", accountIds[0] ?? "")
        .replace("C0", clusterIds[0] ?? "")
        .replace("C1", clusterIds[1] ?? "")
        .replace("=T", `=${encodeURIComponent(new Date(Date.now() - 45 * 86_400_000).toISOString())}`);
      const query = findingQuery.parse({ size: "23", ...queryRecord(new URLSearchParams(filled)) });
      const expected = all.filter((item) => matches(item, query) || query.q === "SW-0001");
      if (query.q === "SW-0001")
        expected.splice(
          0,
          expected.length,
          ...all.filter((item) => item.state === "open" && item.control.id === "SW-0001"),
        );
      const [pages, file, { sort: _s, cursor: _c, size: _z, ...filter }] = [
        await walk(query),
        await drain(query),
        query,
      ];
      const ids = (items: readonly FindingItem[]) => items.map((item) => item.id);
      expect(ids(pages).sort()).toEqual(ids(expected).sort());
      expect(ids(file)).toEqual(ids(await walk(query)));
      const counts = await findingCounts(everything, filter);
      expect(counts).toMatchObject({ total: expected.length, exact: true, capped: [] });
      if (query.q === "SW-0001") return;
      for (const facet of FINDING_FACETS) {
        const tally = new Map<string, number>();
        for (const item of all.filter((one) => matches(one, query, facet)))
          for (const value of valuesOf(item, facet)) tally.set(value, (tally.get(value) ?? 0) + 1);
        const shown = new Map(
          (counts.facets[facet] ?? []).filter((one) => one.count > 0).map((one) => [one.value, one.count]),
        );
        expect([facet, shown]).toEqual([facet, tally]);
      }
    },
    120_000,
  );

  it("shows a scope its own accounts only, in pages, counts, files and details", async () => {
    const [mine = "", other = ""] = accountIds;
    const scope = mintScope("u", "Bo", [{ role: "Security Reader", accountId: mine }]);
    const query = findingQuery.parse({ account: `${mine},${other}`, size: "500" });
    const expected = all.filter((item) => item.state === "open" && item.account.id === mine).length;
    expect(expected).toBeGreaterThan(0);
    expect(await walk(query, scope)).toHaveLength(expected);
    expect(await drain(query, scope)).toHaveLength(expected);
    const counts = await findingCounts(scope, findingQuery.parse({}));
    expect(counts.total).toBe(expected);
    expect(counts.facets.account?.map((one) => one.value)).toEqual([mine]);
    expect(
      counts.facets.cluster?.every((one) =>
        all.some((item) => item.cluster.id === one.value && item.account.id === mine),
      ),
    ).toBe(true);
    expect(await readFinding(scope, all.find((item) => item.account.id === other)?.id ?? "")).toBeNull();
  }, 120_000);

  it("is a file of one moment, whatever changes meanwhile; ended early it gives its connection back", async () => {
    const query = findingQuery.parse({ state: "open,resolved" });
    const rows = await exportFindings(everything, query);
    await pool().query(`DELETE FROM "Finding" WHERE id IN (SELECT id FROM "Finding" ORDER BY id LIMIT 5)`);
    let read = 0;
    for await (const batch of rows.batches) read += batch.length;
    expect(read).toBe(rows.total);
    expect(read).toBe(all.length);
    const { total } = await findingCounts(everything, query);
    expect(total).toBe(all.length - 5);
    for (let again = 0; again < 15; again++) await (await exportFindings(everything, query)).close();
    expect(pool().idleCount).toBe(pool().totalCount);
  }, 120_000);

  it("says of a finding that nothing wrote that the newest scan which could look has seen it", async () => {
    const id = clusterIds[1];
    const written = "2026-01-01T00:00:00.000Z";
    const [complete, last] = ["2026-01-02T00:00:00.000Z", "2026-01-03T00:00:00.000Z"];
    await pool().query(`UPDATE "Finding" SET "lastSeenAt" = $2 WHERE "clusterId" = $1`, [id, written]);
    const seen = async (status: string): Promise<Record<string, string[]>> => {
      await pool().query(
        `UPDATE "Cluster" SET "lastScanStatus" = $2, "lastScanAt" = $3, "lastCompleteAt" = $4 WHERE id = $1`,
        [id, status, last, complete],
      );
      const found = await drain(findingQuery.parse({ cluster: id, state: "open,resolved" }));
      const of = (wanted: FindingItem[]) => [...new Set(wanted.map((item) => item.lastSeenAt))];
      return {
        checked: of(found.filter((item) => item.state === "open" && item.notRechecked === null)),
        not: of(found.filter((item) => item.state === "resolved" || item.notRechecked !== null)),
      };
    };
    expect(await seen("partial")).toEqual({ checked: [last], not: [written] });
    expect(await seen("failed")).toEqual({ checked: [complete], not: [written] });
  });

  it("keeps the roll-ups equal to the rows through every kind of change", async () => {
    await pool().query(`UPDATE "Finding" SET state = 'resolved', "notRechecked" = NULL WHERE name LIKE 'check%'`);
    await pool().query(
      `UPDATE "Finding" SET severity = 0, "scoreGroup" = 'best-practices', reopened = reopened + 1, owner = 'x' WHERE name LIKE 'led%'`,
    );
    await pool().query(`DELETE FROM "Cluster" WHERE id = $1`, [clusterIds[0]]);
    expect(await wrongCounts(pool())).toEqual([]);
    const sums = await pool().query(
      `SELECT (SELECT sum(amount) FROM "ItemByKind")::int AS k, (SELECT sum(amount) FROM "ItemByNamespace")::int AS m, (SELECT count(*) FROM "Resource")::int + (SELECT count(*) FROM "RunningImage")::int AS i`,
    );
    expect(sums.rows[0]).toMatchObject({ k: sums.rows[0].i, m: sums.rows[0].i });
  }, 120_000);

  it("counts many by text up to a limit, and says so", async () => {
    const most = MOST_COUNTED + 1;
    await pool().query(
      `INSERT INTO "Finding" (id, "accountId", "clusterId", "controlId", "scoreGroup", severity, "apiGroup", kind, namespace, name, state, message, evidence, "firstSeenAt", "lastSeenAt")
       SELECT gen_random_uuid(), "accountId", id, 'SW-0001', 'network-access', 1, '', 'Pod', 'n', 'many-' || n, 'open', 'm', '[]', now(), now() FROM (SELECT * FROM "Cluster" LIMIT 1) c, generate_series(1, $1) n`,
      [most],
    );
    const counted = await findingCounts(everything, findingQuery.parse({ q: "many-", cluster: clusterIds.join() }));
    expect(counted).toMatchObject({ total: MOST_COUNTED, exact: false });
    expect([...counted.capped].sort()).toEqual([...FINDING_FACETS].sort());
    const short = await findingCounts(everything, findingQuery.parse({ q: "ma" }));
    expect(short).toMatchObject({ total: MOST_COUNTED, exact: false, notes: [expect.stringMatching(/begin with/)] });
    expect((await findingCounts(everything, findingQuery.parse({ q: "an" }))).total).toBe(0); // in the middle only
    const all = await findingCounts(everything, findingQuery.parse({ kind: "Pod" }));
    expect(all).toMatchObject({ total: most, exact: true }); // roll-ups know no limit
  }, 120_000);

  it("lists and counts those that one exemption holds for", async () => {
    const { items } = await findingPage(everything, findingQuery.parse({ size: "3" }));
    const [mine, other] = ["01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002"];
    for (const [at, { id }] of items.entries())
      await pool().query(`UPDATE "Finding" SET "exemptionId" = $1, exemption = 'waiver' WHERE id = $2`, [
        ...[at < 2 ? mine : other, id],
      ]);
    const held = await findingPage(everything, findingQuery.parse({ exemption: mine }));
    expect(new Set(held.items.map(({ id }) => id))).toEqual(new Set(items.slice(0, 2).map(({ id }) => id)));
    expect(held.notes).toEqual([]); // every one of them is: the filter says it
    const amounts = [`${mine}`, `${mine},${other}`].map((exemption) => findingQuery.parse({ exemption }));
    for (const [at, query] of amounts.entries()) expect((await findingCounts(everything, query)).total).toBe(at + 2);
    await pool().query(`UPDATE "Finding" SET "exemptionId" = NULL, exemption = NULL`);
  });

  it("says how many of a list are exempted, where the filter does not", async () => {
    const { items: open } = await findingPage(everything, findingQuery.parse({ size: "2" }));
    expect((await findingPage(everything, findingQuery.parse({}))).notes).toEqual([]);
    await pool().query(
      `UPDATE "Finding" SET "exemptionId" = gen_random_uuid(), exemption = 'waiver' WHERE id = ANY($1)`,
      [open.map(({ id }) => id)],
    );
    const notes = async (words: Record<string, string>) =>
      (await findingPage(everything, findingQuery.parse({ ...words, size: "1" }))).notes;
    expect(await notes({})).toEqual([expect.stringMatching(/^2 of these findings are exempted/)]);
    expect(await notes({ exempted: "false" })).toEqual([]);
    expect(await notes({ state: "resolved" })).toEqual([]);
    const [first] = open;
    expect(
      await notes({ control: first?.control.id ?? "", namespace: first?.namespace ?? "", q: first?.name ?? "" }),
    ).toEqual([expect.stringMatching(/^1 of these findings is exempted/)]);
    const { next } = await findingPage(everything, findingQuery.parse({ size: "1" }));
    expect((await findingPage(everything, findingQuery.parse({ size: "1", cursor: next ?? "" }))).notes).toEqual([]);
    await pool().query(`UPDATE "Finding" SET "exemptionId" = NULL, exemption = NULL`);
  });
});
