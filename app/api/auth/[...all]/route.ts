import { z } from "zod";
import { auth } from "@/domain/access/auth";
import { allowAttempt } from "@/domain/access/throttle/store";

const emailSchema = z.object({ email: z.string().max(254) });

/** What the sign-in library offers over HTTP. Everything else people do goes through server actions, with their gates and the audit log. */
const OPEN: ReadonlySet<string> = new Set([
  "POST /sign-in/email",
  "POST /sign-out",
  "GET /get-session",
  "GET /oidc/begin",
  "GET /oidc/callback",
]);

async function handle(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (!OPEN.has(`${request.method} ${pathname.replace(/^\/api\/auth/, "")}`))
    return Response.json({ message: "There is nothing at this address" }, { status: 404 });
  return auth().handler(request);
}

/** Password sign-in is throttled per address here too, so the API is no way around the form. */
async function handlePost(request: Request): Promise<Response> {
  if (new URL(request.url).pathname.endsWith("/sign-in/email")) {
    const body = emailSchema.safeParse(
      await request
        .clone()
        .json()
        .catch(() => null),
    );
    if (!body.success) return Response.json({ message: "email and password are needed" }, { status: 400 });
    if (!(await allowAttempt(`sign-in:${body.data.email.trim().toLowerCase()}`, 10, 15 * 60 * 1000))) {
      return Response.json({ message: "Too many attempts" }, { status: 429, headers: { "Retry-After": "900" } });
    }
  }
  return handle(request);
}

export { handle as GET, handlePost as POST };
