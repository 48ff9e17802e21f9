import "server-only";
import { z } from "zod";
import { decideExemption, requestExemption, withdrawExemption } from "@/domain/posture/exemption/mutations";
import { listExemptions } from "@/domain/posture/exemption/queries";
import { EXEMPTION_STATES, exemptionItem, exemptionRequest } from "@/domain/posture/exemption/schema";
import { manyOf } from "@/lib/http/parameter";
import { Problem } from "@/lib/http/problem";
import { uuid } from "@/lib/uuid";
import { type Route, route } from "./define";

const tag = "Exemptions";
const writes = { method: "POST", needs: "write", role: "Security Admin", tag } as const;
const byId = z.object({ id: uuid() });
const decision = z.strictObject({ note: z.string().trim().max(2000).optional() });
const moved = {
  status: 200,
  description: "Done, or done already",
  schema: z.object({ findings: z.number().int().meta({ description: "Open findings that moved" }) }),
} as const;

function there<T>(answer: T | null): T {
  if (answer === null) throw new Problem("not-found", "There is no such exemption.");
  return answer;
}

/** Exemptions: who has leave to have which findings, and what asks for it. */
export const EXEMPTION_ROUTES: readonly Route[] = [
  route({
    ...{ method: "GET", path: "/exemptions", tag, needs: "read", role: "Security Reader" },
    summary: "Exemptions, newest first",
    description: "At most 1,000. Targets in accounts that you may not see are left out.",
    query: z.object({ state: manyOf(EXEMPTION_STATES, "States; all when none is given.") }),
    answers: { status: 200, description: "Exemptions", schema: z.object({ items: z.array(exemptionItem) }) },
    handle: async ({ scope, query }) => ({
      items: (await listExemptions(scope, { states: query.state })).map(
        ({ own: _own, mayChange: _may, ...item }) => item,
      ),
    }),
  }),
  route({
    ...{ ...writes, path: "/exemptions", summary: "Ask for an exemption" },
    description:
      "Within a target all that is named must fit; a finding that any target fits is exempted. Holds at once unless the organisation's rule asks another person to approve it.",
    body: exemptionRequest,
    answers: {
      status: 200,
      description: "As it is now",
      schema: z.object({ id: z.uuid(), state: z.enum(["requested", "active"]), findings: z.number().int() }),
    },
    handle: ({ scope, body }) => requestExemption(scope, body),
  }),
  route({
    ...{ ...writes, path: "/exemptions/{id}/approve", summary: "Approve an exemption that another person asked for" },
    params: byId,
    body: decision,
    answers: moved,
    handle: async ({ scope, params, body }) => there(await decideExemption(scope, params.id, true, body.note ?? null)),
  }),
  route({
    ...{ ...writes, path: "/exemptions/{id}/reject", summary: "Reject an exemption that another person asked for" },
    params: byId,
    body: decision,
    answers: moved,
    handle: async ({ scope, params, body }) => there(await decideExemption(scope, params.id, false, body.note ?? null)),
  }),
  route({
    ...{ ...writes, path: "/exemptions/{id}/withdraw", summary: "Take a request or an exemption back" },
    params: byId,
    answers: moved,
    handle: async ({ scope, params }) => there(await withdrawExemption(scope, params.id)),
  }),
];
