import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ForbiddenError } from "@/domain/access/scope";
import { uuidv7 } from "@/lib/id";
import { AccountError } from "./account-error";
import { knownClusters } from "./cluster/store";
import { connectAccount, requestDiscovery, requestScan, retryLetter, setSchedule } from "./mutations";
import { findAccount, listDeadLetters } from "./queries";
import { claimDueAccounts, recordDiscovery, recordFailedDiscovery } from "./store";
import {
  admin,
  audited,
  cluster,
  connected,
  connection,
  db,
  foreign,
  jobs,
  MANAGED,
  nextAccount,
  noJobs,
  reader,
  ring,
  rows,
  secretOf,
  startDatabase,
  stopDatabase,
} from "./testing/store";
import { MAX_WAIT_MS } from "./wait";

beforeAll(startDatabase);
afterAll(stopDatabase);
beforeEach(noJobs);

describe("connecting", () => {
  test("stores it with sealed secrets, queues a test and a look, and tells no secret", async () => {
    const id = await connected();
    expect(await secretOf(id, "secretAccessKey")).toBe("the-first-key");
    const all = await rows<{ t: string }>(`SELECT t::text FROM "Account" t UNION ALL SELECT t::text FROM "Secret" t`);
    expect(JSON.stringify(all)).not.toContain("the-first-key");
    expect((await jobs("test-connection")).map(({ key }) => key)).toEqual([id]);
    expect((await jobs("discover-account")).map(({ key }) => key)).toEqual([id]);
    const [entry] = await audited(id);
    expect(entry?.action).toBe("account.connected");
    expect(entry?.text).not.toContain("the-first-key");
  });
  test("an account is connected since it was, or since the moment that is told", async () => {
    const createdAt = async (id: string) =>
      (await rows<{ at: Date }>(`SELECT "createdAt" AS at FROM "Account" WHERE id = $1`, id))[0]?.at.getTime();
    const before = Date.now();
    expect(await createdAt(await connected())).toBeGreaterThanOrEqual(before);
    nextAccount();
    const at = new Date("2026-02-01T09:00:00Z");
    const then = await connectAccount(admin, "aws", "then", 60, connection(), ring, at);
    expect(await createdAt(then)).toBe(at.getTime());
  });
  test("twice is refused and leaves one; so is a reader, who leaves none", async () => {
    const id = await connected();
    await expect(connectAccount(admin, "aws", "again", 60, connection(), ring)).rejects.toBeInstanceOf(AccountError);
    nextAccount();
    await expect(connectAccount(reader, "aws", "r", 60, connection(), ring)).rejects.toBeInstanceOf(ForbiddenError);
    await expect(connectAccount(foreign, "aws", "f", 60, connection(), ring)).rejects.toBeInstanceOf(ForbiddenError);
    expect(await rows(`SELECT 1 FROM "Account" WHERE name IN ('again', 'r', 'f')`)).toEqual([]);
    expect(await secretOf(id, "secretAccessKey")).toBe("the-first-key");
  });
});

describe("pausing", () => {
  test("stops the schedule and keeps everything; resumed it is due at once", async () => {
    const id = await connected();
    await setSchedule(admin, id, null, false);
    await setSchedule(admin, id, null, false);
    expect((await audited(id)).filter(({ action }) => action === "account.schedule-changed")).toHaveLength(1);
    expect(await claimDueAccounts(db.pool, new Date(Date.now() + 86_400_000))).not.toContain(id);
    await expect(requestDiscovery(admin, id)).rejects.toThrow(/paused/);
    await setSchedule(admin, id, null, true);
    expect(await claimDueAccounts(db.pool, new Date(Date.now() + 1_000))).toContain(id);
  });
});

describe("a scan that a person asks for", () => {
  test("is queued once; not while the account is paused, and not of a cluster that is gone", async () => {
    const id = await connected();
    const clusterId = await cluster(id);
    expect(await requestScan(admin, clusterId)).toBe(true);
    expect(await requestScan(admin, clusterId)).toBe(false);
    await noJobs();
    await setSchedule(admin, id, null, false);
    await expect(requestScan(admin, clusterId)).rejects.toThrow(/paused/);
    await setSchedule(admin, id, null, true);
    await rows(`UPDATE "Cluster" SET "goneAt" = now() WHERE id = $1`, clusterId);
    await expect(requestScan(admin, clusterId)).rejects.toThrow(/gone/);
    expect(await jobs("scan-cluster")).toEqual([]);
  });
});

describe("a cloud that asks to wait", () => {
  const wish = (retryAfterMs?: number) => ({
    code: "throttled" as const,
    what: "eks:ListClusters",
    message: "Too many requests.",
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
  const scanOf = () => ({ id: uuidv7(), trigger: "schedule", queuedAt: new Date() });
  const comings = { gone: async () => undefined, back: async () => undefined };

  test("is not asked before, but neither for longer than the ceiling", async () => {
    const id = await connected();
    const now = new Date();
    await recordFailedDiscovery(db.pool, id, wish(2 * 3_600_000), now, scanOf());
    const until = new Date(now.getTime() + 2 * 3_600_000);
    expect(await findAccount(admin, id)).toMatchObject({ waitUntil: until, nextScanAt: until });
    await recordFailedDiscovery(db.pool, id, wish(365 * 86_400_000), now, scanOf());
    expect((await findAccount(admin, id))?.nextScanAt).toEqual(new Date(now.getTime() + MAX_WAIT_MS));
  });

  test("of one cluster counts too, and a later answer without a wish ends it", async () => {
    const id = await connected();
    const now = new Date();
    const found = (gaps: ReturnType<typeof wish>[]) => [
      {
        distribution: "eks" as const,
        discovery: {
          clusters: [{ name: "one", aliases: ["a"], managed: MANAGED, gaps }],
          complete: true,
          gaps: [],
          gone: [],
        },
      },
    ];
    await recordDiscovery(db.pool, { id }, found([wish(5_400_000)]), now, scanOf(), comings);
    expect((await findAccount(admin, id))?.waitUntil).toEqual(new Date(now.getTime() + 5_400_000));
    await recordDiscovery(db.pool, { id }, found([wish()]), now, scanOf(), comings);
    expect((await findAccount(admin, id))?.waitUntil).toBeNull();
  });
});

describe("a cluster that a discovery does not list", () => {
  const see = (id: string, names: string[], gone: string[]) => {
    const clusters = names.map((name) => ({ name, aliases: [name], managed: MANAGED, gaps: [] }));
    const found = [{ distribution: "eks" as const, discovery: { clusters, complete: true, gaps: [], gone } }];
    const scan = { id: uuidv7(), trigger: "manual", queuedAt: new Date() };
    return recordDiscovery(db.pool, { id }, found, new Date(), scan, {
      gone: async () => undefined,
      back: async () => undefined,
    });
  };
  const present = async (id: string) =>
    (await knownClusters(db.pool, id, "eks")).map(({ aliases: [alias] }) => alias).sort();

  test("stays, until the cloud itself says that it is gone", async () => {
    const id = await connected();
    await see(id, ["one", "two"], []);
    await see(id, [], []);
    expect(await present(id)).toEqual(["one", "two"]);
    await see(id, ["one"], ["two", "one"]);
    expect(await present(id)).toEqual(["one"]);
  });
});

describe("a job that gave up", () => {
  test("says why", async () => {
    const id = await connected();
    await rows(
      `INSERT INTO jobs.job (id, name, data, source_output) VALUES (gen_random_uuid(), 'dead-letter', $1, '{"message":"the tables are locked"}')`,
      JSON.stringify({ accountId: id, trigger: "schedule" }),
    );
    expect((await listDeadLetters(admin)).map(({ reason }) => reason)).toEqual(["the tables are locked"]);
  });

  const letter = async (data: object): Promise<string> => {
    const [row] = await rows<{ id: string }>(
      `INSERT INTO jobs.job (id, name, data) VALUES (gen_random_uuid(), 'dead-letter', $1) RETURNING id`,
      JSON.stringify(data),
    );
    return row?.id ?? "";
  };
  test("is listed as long as what it was about is there", async () => {
    const id = await connected();
    const [here, gone] = [await cluster(id), await cluster(id)];
    for (const clusterId of [here, gone]) await letter({ clusterId, trigger: "schedule" });
    expect(await listDeadLetters(admin)).toHaveLength(2);
    await rows(`UPDATE "Cluster" SET "goneAt" = now() WHERE id = $1`, gone);
    expect(await listDeadLetters(admin)).toMatchObject([{ job: "Scan", accountId: id }]);
  });

  const letters = async () => (await jobs("dead-letter")).map(({ id }) => id);

  test("is tried again once, whoever asks twice", async () => {
    const id = await connected();
    const clusterId = await cluster(id);
    await noJobs();
    const dead = await letter({ clusterId, trigger: "schedule" });
    await retryLetter(admin, dead);
    await retryLetter(admin, dead);
    expect((await jobs("scan-cluster")).map(({ key }) => key)).toEqual([clusterId]);
    expect(await letters()).toEqual([]);
  });

  test("stays where it is for who may not, and while the account is paused", async () => {
    const id = await connected();
    const dead = await letter({ accountId: id, trigger: "schedule" });
    await expect(retryLetter(reader, dead)).rejects.toBeInstanceOf(ForbiddenError);
    // As one that is not there: who may not see an account learns nothing of its jobs.
    expect(await retryLetter(foreign, dead)).toEqual(await retryLetter(foreign, uuidv7()));
    await setSchedule(admin, id, null, false);
    await expect(retryLetter(admin, dead)).rejects.toThrow(/paused/);
    expect(await letters()).toEqual([dead]);
  });

  test("is dropped when what it was about is gone meanwhile", async () => {
    const id = await connected();
    const clusterId = await cluster(id);
    await rows(`UPDATE "Cluster" SET "goneAt" = now() WHERE id = $1`, clusterId);
    await noJobs();
    for (const subject of [{ clusterId }, { clusterId: uuidv7() }, { accountId: uuidv7() }]) {
      const dead = await letter({ ...subject, trigger: "schedule" });
      await retryLetter(foreign, dead);
      expect(await letters()).toEqual([dead]);
      await retryLetter(admin, dead);
      expect(await letters()).toEqual([]);
    }
    expect([...(await jobs("scan-cluster")), ...(await jobs("discover-account"))]).toEqual([]);
  });
});
