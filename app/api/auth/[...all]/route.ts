import { z } from "zod";
import { auth } from "@/domain/access/auth";
import { originOf } from "@/domain/access/origin";
import { storable } from "@/domain/access/schema";
import { maySignIn } from "@/domain/access/sign-in/store";
import { readBytes } from "@/lib/http/body";
import { Problem } from "@/lib/http/problem";

const emailSchema = z.object({ email: storable(254) });
/** A sign-in is an address and a password. */
const MOST_BYTES = 64 * 1024;

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
    return new Problem("not-found", "There is nothing at this address.").response();
  return auth().handler(request);
}

/** Password sign-in is throttled per address here too, so the API is no way around the form. */
async function handlePost(given: Request): Promise<Response> {
  const bytes = await readBytes(given, MOST_BYTES);
  if (bytes === null)
    return Response.json(
      { message: `The body may have ${MOST_BYTES} bytes` },
      { status: 413, headers: { Connection: "close" } },
    );
  const request = new Request(given.url, { method: "POST", headers: given.headers, body: bytes });
  if (new URL(request.url).pathname.endsWith("/sign-in/email")) {
    const body = emailSchema.safeParse(
      await request
        .clone()
        .json()
        .catch(() => null),
    );
    if (!body.success) return Response.json({ message: "email and password are needed" }, { status: 400 });
    if (!(await maySignIn(body.data.email.trim().toLowerCase(), originOf(request.headers).address))) {
      return Response.json({ message: "Too many attempts" }, { status: 429, headers: { "Retry-After": "900" } });
    }
  }
  return handle(request);
}

export { handle as GET, handlePost as POST };
