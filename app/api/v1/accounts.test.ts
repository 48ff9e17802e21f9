import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AccountScope } from "@/domain/access/scope";
import { readEditable } from "@/domain/accounts/edit/queries";
import { findAccount } from "@/domain/accounts/queries";
import {
  admin,
  audited,
  connected,
  foreign,
  jobs,
  noJobs,
  reader,
  rows,
  secretOf,
  startDatabase,
  stopDatabase,
} from "@/domain/accounts/testing/store";
import { ACCOUNT_ROUTES } from "./accounts";
import { problemOf } from "./failure";

beforeAll(async () => {
  process.env.SEAWALL_KEY = Buffer.alloc(32, 7).toString("base64");
  await startDatabase();
});
afterAll(stopDatabase);
beforeEach(noJobs);

/** Asks as `dispatch` does, for a scope that is given. */
async function ask(
  name: string,
  params: Record<string, string>,
  body: object,
  { by = admin, query = "" }: { by?: AccountScope; query?: string } = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  const [method = "", path = ""] = name.split(" ");
  const route = ACCOUNT_ROUTES.find((each) => each.method === method && each.path === path);
  if (route === undefined) throw new Error(`no route ${name}`);
  const headers = { "content-type": "application/json" };
  const init = method === "GET" ? {} : { body: JSON.stringify(body), headers };
  const request = new Request(`http://seawall.test/${query}`, { method, ...init });
  const response = await route.run(by, request, params).catch((error: unknown) => problemOf(error, "test").response());
  return { status: response.status, body: await response.json() };
}
const places = (answer: { body: Record<string, unknown> }): string[] =>
  (answer.body.errors as { at: string }[]).map(({ at }) => at).sort();
const SAVE = "POST /accounts/{id}/edits/{edit}/save";

describe("PATCH /accounts/{id}", () => {
  it("refuses a body that nests deeper than anything reads", async () => {
    const id = await connected();
    const deep = Array.from({ length: 40 }).reduce<object>((inner) => ({ a: inner }), {});
    expect(await ask("PATCH /accounts/{id}", { id }, { settings: deep })).toMatchObject({
      status: 400,
      body: { detail: "The body nests deeper than 32 levels." },
    });
  });

  it("saves a name and an interval at once, and the same again changes nothing", async () => {
    const id = await connected();
    await noJobs();
    for (let again = 0; again < 2; again += 1)
      expect(await ask("PATCH /accounts/{id}", { id }, { name: "pier", intervalMinutes: 15 })).toMatchObject({
        status: 200,
        body: { saved: true, edit: null, account: { id, name: "pier", intervalMinutes: 15 } },
      });
    expect(await findAccount(admin, id)).toMatchObject({ name: "pier", intervalMinutes: 15 });
    expect((await audited(id)).filter(({ action }) => action === "account.edited")).toHaveLength(1);
    expect(await jobs("test-connection")).toEqual([]);
  });

  it("merges settings into the stored ones; they are the account's when the edit is saved", async () => {
    const id = await connected();
    const settings = { maxAttempts: 2, regions: ["eu-west-1"] };
    const first = await ask("PATCH /accounts/{id}", { id }, { name: "jetty", settings });
    expect(first.body).toMatchObject({ saved: false, account: { id, name: (await findAccount(admin, id))?.name } });
    expect(first.body.account).not.toMatchObject({ name: "jetty" }); // it waits with the rest
    await ask(SAVE, { id, edit: String(first.body.edit) }, { untested: true });
    const { body } = await ask("PATCH /accounts/{id}", { id }, { settings: { maxAttempts: null } });
    const edit = String(body.edit);
    expect((await ask("GET /accounts/{id}/edits/{edit}", { id, edit }, {})).body).toMatchObject({ state: "waiting" });
    const other = { id: await connected(), edit }; // an edit is of its own account only
    expect((await ask("GET /accounts/{id}/edits/{edit}", other, {})).body).toEqual({ state: "gone", checks: [] });
    expect((await ask(SAVE, other, { untested: true })).status).toBe(409);
    expect((await ask(SAVE, { id, edit }, {})).status).toBe(409); // its test has not ended
    expect((await ask(SAVE, { id, edit }, { untested: true })).status).toBe(202);
    expect((await ask(SAVE, { id, edit }, { untested: true })).status).toBe(409); // saved already
    expect((await readEditable(admin, id))?.settings).toMatchObject({ maxAttempts: 4, regions: ["eu-west-1"] });
    expect((await ask("GET /accounts/{id}/edits/{edit}", { id, edit }, {})).body).toMatchObject({ state: "gone" });
  });

  it("names what is wrong by its place, and sends no stored credential elsewhere", async () => {
    const id = await connected();
    const wrong = { settings: { regions: ["mars"], maxRetries: 3 }, secrets: { passwort: "x" } };
    const answer = await ask("PATCH /accounts/{id}", { id }, wrong);
    expect(answer.status).toBe(400);
    expect(places(answer)).toEqual(["secrets.passwort", "settings.maxRetries", "settings.regions"]);
    const moved = { settings: { endpoints: { sts: "https://evil.example" } } };
    const refused = await ask("PATCH /accounts/{id}", { id }, moved);
    expect([refused.status, places(refused)]).toEqual([400, ["secrets.accessKeyId", "secrets.secretAccessKey"]]);
    expect(await rows(`SELECT 1 FROM "AccountDraft" WHERE "accountId" = $1`, id)).toEqual([]);
  });

  it("is for who administers that account", async () => {
    const id = await connected();
    expect((await ask("PATCH /accounts/{id}", { id }, { name: "x" }, { by: reader })).status).toBe(403);
    expect((await ask("PATCH /accounts/{id}", { id }, { name: "x" }, { by: foreign })).status).toBe(404);
  });
});

describe("DELETE /accounts/{id}", () => {
  it("wants the name, destroys the credentials, and does nothing the second time", async () => {
    const id = await connected("mole");
    const remove = (name: string) => ask("DELETE /accounts/{id}", { id }, {}, { query: `?name=${name}` });
    const misnamed = await remove("Mole");
    expect([misnamed.status, places(misnamed)]).toEqual([400, ["name"]]);
    expect(await secretOf(id, "secretAccessKey")).toBe("the-first-key");
    for (let again = 0; again < 2; again += 1)
      expect(await remove("mole")).toEqual({ status: 202, body: { removed: true } });
    expect(await rows(`SELECT 1 FROM "Secret" WHERE "accountId" = $1`, id)).toEqual([]);
    expect((await audited(id)).filter(({ action }) => action === "account.removed")).toHaveLength(1);
    expect((await ask("PATCH /accounts/{id}", { id }, { name: "back" })).status).toBe(409);
  });
});

describe("POST /accounts", () => {
  it("takes settings as the connector does: lists, objects and numbers", async () => {
    const settings = {
      accountId: "111122223399",
      roleArn: "arn:aws:iam::111122223399:role/seawall",
      externalId: "external",
      ...{ regions: ["eu-central-1"], endpoints: { eks: "https://eks.internal.example" }, maxAttempts: 2 },
    };
    const given = { cloud: "aws", name: "quay", intervalMinutes: 60, settings, secrets: { accessKeyId: "AKIAX" } };
    const keyless = await ask("POST /accounts", {}, given);
    expect([keyless.status, places(keyless)]).toEqual([400, ["secrets.secretAccessKey"]]);
    expect(await rows(`SELECT 1 FROM "Account" WHERE "externalId" = $1`, settings.accountId)).toEqual([]);
    const body = { ...given, secrets: { ...given.secrets, secretAccessKey: "s3cret" } };
    const answer = await ask("POST /accounts", {}, body);
    expect(answer.status).toBe(202);
    expect((await readEditable(admin, String(answer.body.id)))?.settings).toMatchObject(settings);
    expect((await ask("POST /accounts", {}, body)).status).toBe(409); // connected already
    const text = await ask("POST /accounts", {}, { ...body, settings: { ...settings, regions: '["eu-central-1"]' } });
    expect([text.status, places(text)]).toEqual([400, ["settings.regions"]]);
  });
});
