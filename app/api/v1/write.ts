import "server-only";
import { z } from "zod";
import { requestDiscovery, requestScan, requestTest, retryLetter, setSchedule } from "@/domain/accounts/mutations";
import { readCluster } from "@/domain/inventory/cluster/detail/queries";
import { Problem } from "@/lib/http/problem";
import { uuid } from "@/lib/uuid";
import { interval, requireAccount } from "./accounts";
import { type Route, route } from "./define";

const writes = { method: "POST", needs: "write", role: "Security Admin" } as const;
const byId = z.object({ id: uuid() });
const queuedSchema = z
  .object({ queued: z.boolean().meta({ description: "false: an equal one is queued or running already" }) })
  .meta({ id: "Queued" });
const queuedAnswer = { status: 202, description: "Queued, or under way already", schema: queuedSchema } as const;

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
