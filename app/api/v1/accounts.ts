import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { AccountError } from "@/domain/accounts/account-error";
import { CLOUD_FORMS } from "@/domain/accounts/cloud-form";
import { parseNewConnection } from "@/domain/accounts/connection";
import { merged } from "@/domain/accounts/edit/merge";
import { draftEdit, saveDraft } from "@/domain/accounts/edit/mutations";
import { readDraftTest } from "@/domain/accounts/edit/queries";
import { connectAccount } from "@/domain/accounts/mutations";
import { findAccount } from "@/domain/accounts/queries";
import { removeAccount } from "@/domain/accounts/removal/mutations";
import { accountNameSchema, CONNECTABLE, INTERVALS } from "@/domain/accounts/schema";
import { keyRing } from "@/lib/crypto-key";
import { Problem } from "@/lib/http/problem";
import { uuid } from "@/lib/uuid";
import { accountSchema, readAccount } from "./account";
import { type Route, route } from "./define";

const writes = { needs: "write", role: "Security Admin", tag: "Accounts" } as const;
const byId = z.object({ id: uuid() });
const byEdit = byId.extend({ edit: uuid() });
export const interval = z.literal(INTERVALS).meta({ description: "Minutes between looks at the account" });

/** Each cloud's settings as its connector's schema has them, without what it says to the form alone. */
const clouds = CONNECTABLE.map((cloud) => {
  const override = ({ jsonSchema }: { jsonSchema: Record<string, unknown> }): void => {
    for (const name of ["section", "fallback", "long", "words", "known"]) delete jsonSchema[name];
  };
  const shape = z.toJSONSchema(CLOUD_FORMS[cloud].schema, { io: "input", unrepresentable: "any", override });
  const { $schema: _dialect, ...plain } = z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(shape)));
  return { ...plain, title: cloud };
});
const settings = z
  .record(z.string().max(100), z.unknown())
  .meta({ description: "As the cloud's connector takes them", override: { anyOf: clouds } });
const secrets = z
  .record(z.string().max(300), z.string().max(20_000))
  .meta({ description: "By name; they go in and never come out. `arcToken:NAME` is an Arc cluster's." });

const ring = () => keyRing();

const NO_ACCOUNT = new Problem("not-found", "There is no such account.");

/** Throws a 404 for an account that is not there or may not be seen. */
export async function requireAccount(scope: AccountScope, id: string): Promise<void> {
  if ((await findAccount(scope, id)) === null) throw NO_ACCOUNT;
}

/** Connecting, editing and removing accounts: the mutations that the console's forms run. */
export const ACCOUNT_ROUTES: readonly Route[] = [
  route({
    ...{ ...writes, method: "POST", path: "/accounts", summary: "Connect an account" },
    description:
      "Every credential that the settings say is entered has to be given: the cloud's own, unless another way to sign in is chosen, and the token of each Arc cluster that is listed.",
    body: z.strictObject({
      cloud: z.enum(CONNECTABLE),
      name: accountNameSchema,
      intervalMinutes: interval,
      settings,
      secrets: secrets.default({}),
    }),
    answers: {
      status: 202,
      description: "Connected; a test and a first look are queued",
      schema: z.object({ id: z.uuid() }),
    },
    handle: async ({ scope, body: { cloud, name, intervalMinutes, ...entered } }) => {
      const parsed = parseNewConnection(cloud, entered);
      if (!parsed.ok) throw new AccountError("The connection cannot be used.", parsed.fields);
      return { id: await connectAccount(scope, cloud, name, intervalMinutes, parsed.connection, ring()) };
    },
  }),
  route({
    ...{ ...writes, method: "PATCH", path: "/accounts/{id}", summary: "Edit an account" },
    description:
      "What is not named stays. `settings` are merged into the stored ones as RFC 7396 says: null takes one back to its default. A stored credential that would be sent to another address has to be given again. What leaves the connection as it is, such as a name, is saved at once. What changes it becomes an edit, which holds all that was sent: it is tested, and saved by `POST /accounts/{id}/edits/{edit}/save`; until then the account stays as it was.",
    params: byId,
    body: z.strictObject({
      name: accountNameSchema.optional(),
      intervalMinutes: interval.optional(),
      settings: settings.optional(),
      secrets: secrets.optional(),
    }),
    answers: {
      status: 200,
      description: "The account as it is now, and the edit when one waits to be saved",
      schema: z.object({
        saved: z.boolean().meta({ description: "Whether all that was sent is the account's now" }),
        account: accountSchema,
        edit: z.uuid().nullable().meta({ description: "The edit that waits to be saved; null when nothing waits" }),
      }),
    },
    handle: async ({ scope, params, body }) => {
      await requireAccount(scope, params.id);
      const touches = body.settings !== undefined || body.secrets !== undefined;
      const change = {
        name: body.name ?? null,
        intervalMinutes: body.intervalMinutes ?? null,
        entered: touches
          ? (stored: Readonly<Record<string, unknown>>) => ({
              settings: merged(stored, body.settings ?? {}),
              secrets: body.secrets ?? {},
            })
          : null,
        begun: null,
      };
      const { draft: edit } = await draftEdit(scope, params.id, change, ring());
      const account = await readAccount(scope, params.id);
      if (account === null) throw NO_ACCOUNT;
      return { saved: edit === null, account, edit };
    },
  }),
  route({
    ...{ method: "GET", path: "/accounts/{id}/edits/{edit}", tag: "Accounts", summary: "The test of an edit" },
    ...{ needs: "read", role: "Security Reader" },
    params: byEdit,
    answers: {
      status: 200,
      description: "The test; `gone`: it was saved or replaced, or is an hour old",
      schema: z.object({
        state: z.enum(["waiting", "running", "done", "failed", "none", "gone"]),
        checks: z.array(
          z.object({ name: z.string(), outcome: z.enum(["ok", "failed", "not_tested"]), message: z.string() }),
        ),
      }),
    },
    handle: async ({ scope, params }) => {
      await requireAccount(scope, params.id);
      return readDraftTest(scope, params.id, params.edit);
    },
  }),
  route({
    ...{ ...writes, method: "POST", path: "/accounts/{id}/edits/{edit}/save", summary: "Save an edit" },
    params: byEdit,
    body: z.strictObject({
      untested: z.boolean().default(false).meta({ description: "Save it though its test has not ended" }),
    }),
    answers: {
      status: 202,
      description: "Saved; the account is looked at anew",
      schema: z.object({ id: z.uuid() }),
    },
    handle: async ({ scope, params, body }) => {
      await requireAccount(scope, params.id);
      await saveDraft(scope, params.id, params.edit, body.untested);
      return { id: params.id };
    },
  }),
  route({
    ...{ ...writes, method: "DELETE", path: "/accounts/{id}", summary: "Remove an account" },
    description:
      "Credentials and settings are destroyed at once, clusters leave every list and score, findings and history are deleted by a job. Nothing is done in the cloud. Removing it again changes nothing.",
    params: byId,
    query: z.object({ name: z.string().max(200).meta({ description: "The account's name, to be sure" }) }),
    answers: {
      status: 202,
      description: "Removed; what was known of it is being deleted",
      schema: z.object({ removed: z.literal(true) }),
    },
    handle: async ({ scope, params, query }) => {
      await requireAccount(scope, params.id);
      await removeAccount(scope, params.id, query.name);
      return { removed: true } as const;
    },
  }),
];
