import { z } from "zod";

/** Errors as RFC 9457 tells them: what is wrong, and what to do next. Never a stack, never another's words. */
export const PROBLEMS = {
  invalid: { status: 400, title: "The request cannot be read", next: "Correct what is named and send it again." },
  unauthenticated: {
    status: 401,
    title: "Not signed in",
    next: "Sign in, or send an API token: `Authorization: Bearer sw_…`.",
  },
  forbidden: { status: 403, title: "Not allowed", next: "Ask an Owner for the role, or use a token with the scope." },
  "cross-site": {
    status: 403,
    title: "Not sent by this console",
    next: "Do it from a page of this console, or use an API token.",
  },
  "not-found": {
    status: 404,
    title: "There is no such thing",
    next: "Look at /api for what there is. What you may not see is not there either.",
  },
  "method-not-allowed": {
    status: 405,
    title: "This address takes another method",
    next: "Use a method that the Allow header names.",
  },
  conflict: {
    status: 409,
    title: "This cannot be done now",
    next: "Read the detail, change what it names, and send it again.",
  },
  "too-large": { status: 413, title: "The request is too large", next: "Send less at once." },
  "unsupported-media": { status: 415, title: "The body is no JSON", next: "Send `Content-Type: application/json`." },
  "too-many-requests": {
    status: 429,
    title: "Too many requests",
    next: "Wait as long as the Retry-After header says.",
  },
  internal: {
    status: 500,
    title: "Something went wrong here",
    next: "Try again. If it stays, give the Owner the reference.",
  },
  unavailable: { status: 503, title: "The database cannot be reached", next: "Try again in a moment." },
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

export const problemSchema = z
  .object({
    type: z.string().meta({ description: "Names the kind of problem", example: "/api#problem-invalid" }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    next: z.string().meta({ description: "What to do next" }),
    errors: z
      .array(z.object({ at: z.string(), message: z.string() }))
      .optional()
      .meta({ description: "Which parameter or field, and what is wrong with it" }),
    reference: z.string().optional().meta({ description: "Finds the entry in the log" }),
  })
  .meta({ id: "Problem" });
export type ProblemBody = z.infer<typeof problemSchema>;

/** A problem that a handler tells of. `detail` is shown to whoever asked. */
export class Problem extends Error {
  override name = "Problem";

  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly more: {
      errors?: { at: string; message: string }[];
      headers?: Record<string, string>;
      reference?: string;
    } = {},
  ) {
    super(detail);
  }

  /** As the client gets it. */
  response(): Response {
    const { status, title, next } = PROBLEMS[this.code];
    const { errors, reference, headers } = this.more;
    const body: ProblemBody = {
      type: `/api#problem-${this.code}`,
      title,
      status,
      detail: this.message,
      next,
      ...(errors && { errors }),
      ...(reference !== undefined && { reference }),
    };
    return new Response(JSON.stringify(body), {
      status,
      headers: { "Content-Type": "application/problem+json", "Cache-Control": "no-store", ...headers },
    });
  }
}

const MOST_ERRORS = 20;

/** What did not parse, by name. Zod's messages say what was expected, never what else is stored. */
export function invalid(error: z.ZodError, what: string): Problem {
  const errors = error.issues
    .slice(0, MOST_ERRORS)
    .flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.slice(0, MOST_ERRORS).map((key) => ({ at: key.slice(0, 100), message: "is not known here" }))
        : [{ at: issue.path.join(".").slice(0, 100) || what, message: issue.message.slice(0, 300) }],
    );
  return new Problem(
    "invalid",
    `The ${what} cannot be used: ${errors.map(({ at, message }) => `${at}: ${message}`).join("; ")}.`.slice(0, 1000),
    {
      errors,
    },
  );
}
