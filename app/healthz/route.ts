import { reachDatabase } from "@/lib/db";

export const dynamic = "force-dynamic";

/** 200 when this process reaches its database, else 503. Says nothing more to strangers. */
export async function GET(): Promise<Response> {
  try {
    await reachDatabase();
    return Response.json({ status: "ok" }, { headers: { "Cache-Control": "no-store" } });
  } catch {
    return Response.json({ status: "database unreachable" }, { status: 503, headers: { "Cache-Control": "no-store" } });
  }
}
