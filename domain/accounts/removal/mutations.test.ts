import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ForbiddenError } from "@/domain/access/scope";
import { uuidv7 } from "@/lib/id";
import { AccountError } from "../account-error";
import { setSchedule } from "../mutations";
import { recordDiscovery } from "../store";
import {
  admin,
  audited,
  cluster,
  connected,
  db,
  edit,
  foreign,
  jobs,
  MANAGED,
  noJobs,
  reader,
  rows,
  secretOf,
  startDatabase,
  stopDatabase,
} from "../testing/store";
import { removeAccount } from "./mutations";
import { readAtStake } from "./queries";

beforeAll(startDatabase);
afterAll(stopDatabase);
beforeEach(noJobs);

describe("removing", () => {
  test("needs the name typed and the role, destroys the keys, and fences off what runs", async () => {
    const id = await connected("depot");
    const clusterId = await cluster(id);
    await edit(id, { secrets: { secretAccessKey: "the-second-key" } }, "depot");
    expect(await readAtStake(admin, id)).toMatchObject({ clusters: 1, secrets: 2 });
    expect(await readAtStake(foreign, id)).toMatchObject({ clusters: 0, secrets: 0 });
    await expect(removeAccount(admin, id, "Depot")).rejects.toBeInstanceOf(AccountError);
    await expect(removeAccount(reader, id, "depot")).rejects.toBeInstanceOf(ForbiddenError);
    await expect(removeAccount(foreign, id, "depot")).rejects.toThrow(/gone/);
    expect(await secretOf(id, "secretAccessKey")).toBe("the-first-key");

    await removeAccount(admin, id, " depot ");
    await removeAccount(admin, id, "anything"); // again: nothing more to do
    expect((await audited(id)).filter(({ action }) => action === "account.removed")).toHaveLength(1);
    expect(
      await rows(
        `SELECT 1 FROM "Secret" WHERE "accountId" = $1 UNION ALL SELECT 1 FROM "AccountDraft" WHERE "accountId" = $1`,
        id,
      ),
    ).toEqual([]);
    expect(await rows(`SELECT settings, enabled FROM "Account" WHERE id = $1`, id)).toEqual([
      { settings: {}, enabled: false },
    ]);
    expect(
      await rows(`SELECT fence::int, uid, "goneAt" IS NOT NULL AS gone FROM "Cluster" WHERE id = $1`, clusterId),
    ).toEqual([{ fence: 1, uid: null, gone: true }]);
    expect(await jobs("discover-account")).toEqual([]);
    expect((await jobs("remove-account")).map(({ key }) => key)).toEqual([id]);
  });

  test("is final: nothing edits, resumes or rediscovers it", async () => {
    const id = await connected("yard");
    await removeAccount(admin, id, "yard");
    await expect(edit(id, { settings: { requestTimeoutMs: 9000 } }, "yard")).rejects.toThrow(/gone/);
    await expect(setSchedule(admin, id, null, true)).rejects.toThrow(/gone/);
    const discovery = {
      clusters: [{ name: "late", aliases: ["x"], managed: MANAGED, gaps: [] }],
      complete: true,
      gaps: [],
      gone: [],
    };
    const scan = { id: uuidv7(), trigger: "manual", queuedAt: new Date() };
    const found = [{ distribution: "eks" as const, discovery }];
    const comings = { gone: async () => undefined, back: async () => undefined };
    expect(await recordDiscovery(db.pool, { id }, found, new Date(), scan, comings)).toEqual([]);
    expect(
      await rows(
        `SELECT 1 FROM "Cluster" WHERE "accountId" = $1 UNION ALL SELECT 1 FROM "Scan" WHERE "accountId" = $1`,
        id,
      ),
    ).toEqual([]);
  });
});
