import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ForbiddenError } from "@/domain/access/scope";
import { open } from "@/lib/crypto";
import { AccountError } from "../account-error";
import { findAccount } from "../queries";
import { changing } from "../testing/changes";
import {
  admin,
  audited,
  connected,
  db,
  edit,
  foreign,
  jobs,
  noJobs,
  other,
  reader,
  ring,
  rows,
  secretOf,
  startDatabase,
  stopDatabase,
} from "../testing/store";
import { draftEdit, saveDraft } from "./mutations";
import { readDraftTest, readEditable } from "./queries";
import { dropOldDrafts, readDrafted } from "./store";

beforeAll(startDatabase);
afterAll(stopDatabase);
beforeEach(noJobs);

describe("editing", () => {
  test("a name alone is saved at once, and leaves the connection and its test alone", async () => {
    const id = await connected();
    await noJobs();
    expect(await edit(id, {}, "quay")).toBeNull();
    expect(await edit(id, {}, "quay")).toBeNull(); // the same again
    expect(await findAccount(admin, id)).toMatchObject({ name: "quay" });
    expect(await jobs("test-connection")).toEqual([]);
    expect((await audited(id)).filter(({ action }) => action === "account.edited")).toHaveLength(1);
  });

  test("a changed connection is tested as it would be, and is the account's only when it is saved", async () => {
    const id = await connected();
    const draft = await edit(id, {
      settings: { requestTimeoutMs: 9000 },
      secrets: { secretAccessKey: "the-second-key" },
    });
    if (draft === null) throw new Error("no draft");
    expect(await secretOf(id, "secretAccessKey")).toBe("the-first-key");
    expect((await readEditable(admin, id))?.settings).toMatchObject({ requestTimeoutMs: 15_000 });
    expect((await jobs("test-connection")).map(({ data }) => data)).toContainEqual({ accountId: id, draftId: draft });
    const drafted = await readDrafted(db.pool, draft);
    expect(drafted?.settings).toMatchObject({ requestTimeoutMs: 9000 });
    const opened = drafted?.sealed.map(({ field, sealed }) => [field, open(sealed, { accountId: id, field }, ring)]);
    expect(Object.fromEntries(opened ?? [])).toEqual({
      accessKeyId: "AKIAEXAMPLE000000000", // left empty: the stored one
      secretAccessKey: "the-second-key",
    });
    expect(await readDraftTest(admin, id, draft)).toMatchObject({ state: "waiting" });
    expect(await readDraftTest(foreign, id, draft)).toMatchObject({ state: "gone" });

    await expect(saveDraft(admin, id, draft, false)).rejects.toThrow(/has not ended/);
    await db.pool.query(`UPDATE jobs.job SET state = 'completed', completed_on = now() WHERE singleton_key = $1`, [
      draft,
    ]);
    await expect(saveDraft(other, id, draft, false)).rejects.toThrow(/Test it again/); // somebody else's
    await saveDraft(admin, id, draft, false);
    expect(await secretOf(id, "secretAccessKey")).toBe("the-second-key");
    expect(await secretOf(id, "accessKeyId")).toBe("AKIAEXAMPLE000000000");
    expect((await readEditable(admin, id))?.settings).toMatchObject({ requestTimeoutMs: 9000 });
    await expect(saveDraft(admin, id, draft, false)).rejects.toBeInstanceOf(AccountError);

    const entries = await audited(id);
    const edited = entries.find(({ action }) => action === "account.edited");
    expect(edited?.text).toContain("requestTimeoutMs");
    expect(edited?.text).toContain('"replaced": ["secretAccessKey"]');
    expect(JSON.stringify(entries)).not.toContain("the-second-key");
    expect(await rows(`SELECT 1 FROM "AccountDraft"`)).toEqual([]);
  });

  test("a stored key is not sent to another address, and one that is used no longer is destroyed", async () => {
    const id = await connected();
    const elsewhere = { settings: { endpoints: { sts: "https://evil.example" } } };
    await expect(edit(id, elsewhere)).rejects.toMatchObject({
      fields: { "secret.accessKeyId": expect.any(String), "secret.secretAccessKey": expect.any(String) },
    });
    const draft = await edit(id, { settings: { hubCredentials: "machine" } });
    await saveDraft(admin, id, draft ?? "", true);
    expect(await rows(`SELECT 1 FROM "Secret" WHERE "accountId" = $1`, id)).toEqual([]);
  });

  test("what somebody else changed meanwhile is not overwritten", async () => {
    const id = await connected();
    const [mine, theirs] = [
      await edit(id, { settings: { requestTimeoutMs: 9000 } }),
      await edit(id, { settings: { requestTimeoutMs: 8000 } }, "harbour", other),
    ];
    await saveDraft(other, id, theirs ?? "", true);
    await expect(saveDraft(admin, id, mine ?? "", true)).rejects.toThrow(/meanwhile/);
    expect((await readEditable(admin, id))?.settings).toMatchObject({ requestTimeoutMs: 8000 });
  });

  test("an edit of what somebody changed since is refused, and one's own saving is no such change", async () => {
    const id = await connected();
    const opened = (await readEditable(admin, id))?.version ?? "";
    const change = (name: string, begun: string, changes = {}) =>
      draftEdit(admin, id, { name, intervalMinutes: 60, entered: changing(changes), begun }, ring);
    const { version } = await change("quay", opened);
    const timeout = { settings: { requestTimeoutMs: 9000 } };
    for (const changes of [{}, timeout])
      await expect(change("pier", opened, changes)).rejects.toThrow(/since you opened it.*Look again/);
    expect(await findAccount(admin, id)).toMatchObject({ name: "quay" });
    const { draft } = await change("pier", version, timeout);
    const saved = await saveDraft(admin, id, draft ?? "", true);
    await expect(change("dock", version)).rejects.toThrow(AccountError);
    await change("dock", saved);
    expect(await findAccount(admin, id)).toMatchObject({ name: "dock" });
  });

  test("a key that is stored later is not sent where an earlier draft would have sent one", async () => {
    const id = await connected();
    await saveDraft(admin, id, (await edit(id, { settings: { hubCredentials: "machine" } })) ?? "", true);
    // No key is stored, so none was asked for.
    const mine = await edit(id, {
      settings: { hubCredentials: "access_key", endpoints: { sts: "https://evil.example" } },
    });
    expect((await readDrafted(db.pool, mine ?? ""))?.sealed).toEqual([]);
    const keys = { accessKeyId: "AKIAEXAMPLE000000001", secretAccessKey: "the-second-key" };
    const theirs = await edit(id, { settings: { hubCredentials: "access_key" }, secrets: keys }, "harbour", other);
    await saveDraft(other, id, theirs ?? "", true);
    expect(await readDrafted(db.pool, mine ?? "")).toBeNull();
  });

  test("needs the role on that account", async () => {
    const id = await connected();
    await expect(edit(id, { settings: { requestTimeoutMs: 9000 } }, "x", reader)).rejects.toBeInstanceOf(
      ForbiddenError,
    );
    await expect(edit(id, { settings: { requestTimeoutMs: 9000 } }, "x", foreign)).rejects.toThrow(/gone/);
    expect(await rows(`SELECT 1 FROM "AccountDraft" WHERE "accountId" = $1`, id)).toEqual([]);
  });

  test("a draft that nobody saved is dropped with its keys", async () => {
    const id = await connected();
    const draft = await edit(id, { secrets: { secretAccessKey: "the-second-key" } });
    await rows(`UPDATE "AccountDraft" SET "createdAt" = now() - interval '61 minutes' WHERE id = $1`, draft);
    await expect(saveDraft(admin, id, draft ?? "", true)).rejects.toBeInstanceOf(AccountError);
    await dropOldDrafts(db.pool);
    expect(await rows(`SELECT 1 FROM "AccountDraft" WHERE id = $1`, draft)).toEqual([]);
  });
});
