import "server-only";
import { z } from "zod";
import { listOverrides } from "@/domain/posture/parameter/queries";
import { overrideItem } from "@/domain/posture/parameter/schema";
import { type Route, route } from "./define";

/** Parameters that were set in place of the controls' own. */
export const PARAMETER_ROUTES: readonly Route[] = [
  route({
    ...{ method: "GET", path: "/control-parameters", tag: "Recommendations", needs: "read", role: "Security Reader" },
    summary: "Parameters of controls set for the fleet, an account, a cluster or a namespace",
    description: "The nearer place wins, parameter by parameter; where none is set the control's own holds.",
    query: z.object({
      control: z
        .string()
        .regex(/^SW-\d{4}$/)
        .optional(),
    }),
    answers: {
      status: 200,
      description: "Overrides by control, the widest place first",
      schema: z.object({ items: z.array(overrideItem) }),
    },
    handle: async ({ scope, query }) => {
      const rows = await listOverrides(scope, query.control);
      // Nothing is changed by this API, so that nobody needs to say which version he saw.
      return { items: rows.map(({ version: _version, ...item }) => item) };
    },
  }),
];
