import "server-only";
import { z } from "zod";
import type { AccountScope } from "@/domain/access/scope";
import { parseConnection } from "@/domain/accounts/connection-form";
import {
  connectAccount,
  requestDiscovery,
  requestScan,
  requestTest,
  retryLetter,
  setSchedule,
} from "@/domain/accounts/mutations";
import { findAccount } from "@/domain/accounts/queries";
import { accountNameSchema, CONNECTABLE, INTERVALS } from "@/domain/accounts/schema";
import { readCluster } from "@/domain/inventory/cluster/detail/queries";
import { loadKeyRing } from "@/lib/crypto-key";
import { dataDir, env } from "@/lib/env";
import { Problem } from "@/lib/http/problem";
import { type Route, route } from "./define";

const writes = { method: "POST", needs: "write", role: "Security Admin" } as const;
const byId = z.object({ id: z.uuid().toLowerCase() });
const queuedSchema = z
  .object({ queued: z.boolean().meta({ description: "false: an equal one is queued or running already" }) })
  .meta({ id: "Queued" });
const queuedAnswer = { status: 202, description: "Queued, or under way already", schema: queuedSchema } as const;
const fields = z.record(z.string().max(100), z.string().max(20_000));
const interval = z.literal(INTERVALS).meta({ description: "Minutes between looks at the account" });

async function requireAccount(scope: AccountScope, id: string): Promise<void> {
  if ((await findAccount(scope, id)) === null) throw new Problem("not-found", "There is no such account.");
}

/** Changes. Each runs the mutation that the console's forms run: authorised there, audited in its transaction, safe to send twice. */
export const WRITE_ROUTES: readonly Route[] = [
  route({
    ...{ ...writes, path: "/clusters/{id}/scan", tag: "Clusters", summary: "Scan a cluster now" },
    params: byId,
    answers: queuedAnswer,
    handle: async ({ scope, params }) => {
      if ((await readCluster(scope, params.id)) === null) throw new Problem("not-found", "There is no such cluster.");
      return { queued: await requestScan(scope, params.id) };
    },
  }),
  route({
    ...{
      ...writes,
      path: "/accounts/{id}/scan",
      tag: "Accounts",
      summary: "Look at an account and all its clusters now",
    },
    params: byId,
    answers: queuedAnswer,
    handle: async ({ scope, params }) => {
      await requireAccount(scope, params.id);
      return { queued: await requestDiscovery(scope, params.id) };
    },
  }),
  route({
    ...{ ...writes, path: "/accounts/{id}/test", tag: "Accounts", summary: "Test an account's connection" },
    params: byId,
    answers: queuedAnswer,
    handle: async ({ scope, params }) => {
      await requireAccount(scope, params.id);
      return { queued: await requestTest(scope, params.id) };
    },
  }),
  route({
    ...{
      ...writes,
      path: "/accounts/{id}/schedule",
      tag: "Accounts",
      summary: "Set how often an account is looked at",
    },
    params: byId,
    body: z.strictObject({ intervalMinutes: interval, enabled: z.boolean() }),
    answers: {
      status: 200,
      description: "As it is now",
      schema: z.object({ intervalMinutes: z.number(), enabled: z.boolean() }),
    },
    handle: async ({ scope, params, body }) => {
      await requireAccount(scope, params.id);
      await setSchedule(scope, params.id, body.intervalMinutes, body.enabled);
      return body;
    },
  }),
  route({
    ...{ ...writes, path: "/accounts", tag: "Accounts", summary: "Connect an account" },
    description:
      "`settings` and `secrets` hold the fields of the cloud's connect form by name, lists and maps as JSON text. Secrets go in and never come out.",
    body: z.strictObject({
      cloud: z.enum(CONNECTABLE),
      name: accountNameSchema,
      intervalMinutes: interval,
      settings: fields,
      secrets: fields.default({}),
    }),
    answers: {
      status: 202,
      description: "Connected; a test and a first look are queued",
      schema: z.object({ id: z.uuid() }),
    },
    handle: async ({ scope, body }) => {
      const entered = (prefix: string, values: Record<string, string>) =>
        Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value] as const);
      const parsed = parseConnection(
        body.cloud,
        new Map([...entered("settings", body.settings), ...entered("secret", body.secrets)]),
      );
      if (!parsed.ok)
        throw new Problem("invalid", "The settings cannot be used.", {
          errors: Object.entries(parsed.fields).map(([at, message]) => ({
            at: at.replace(/^secret\./, "secrets."),
            message,
          })),
        });
      const ring = loadKeyRing({ key: env().SEAWALL_KEY, dataDir: dataDir() });
      return { id: await connectAccount(scope, body.cloud, body.name, body.intervalMinutes, parsed.connection, ring) };
    },
  }),
  route({
    ...{
      ...writes,
      path: "/dead-letters/{id}/retry",
      tag: "Scans",
      summary: "Put a job that gave up back into its queue",
    },
    params: byId,
    answers: {
      status: 202,
      description: "Queued, unless somebody else did it",
      schema: z.object({ done: z.literal(true) }),
    },
    handle: async ({ scope, params }) => {
      await retryLetter(scope, params.id);
      return { done: true } as const;
    },
  }),
];
