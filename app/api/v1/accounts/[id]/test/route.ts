import { z } from "zod";
import { hasRole } from "@/domain/access/scope";
import { currentScope } from "@/domain/access/session";
import { readTest } from "@/domain/accounts/queries";

export const dynamic = "force-dynamic";

/** The newest connection test of an account, for polling. */
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const scope = await currentScope();
  if (scope === null) return Response.json({ message: "Sign in first" }, { status: 401 });
  const id = z.uuid().safeParse((await params).id);
  if (!id.success || !hasRole(scope, "Security Reader", id.data))
    return Response.json({ message: "There is no such account" }, { status: 404 });
  return Response.json(await readTest(scope, id.data), { headers: { "Cache-Control": "no-store" } });
}
