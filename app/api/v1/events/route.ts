import { requestScope } from "@/domain/access/gate";
import { type AccountScope, requireAnyRole } from "@/domain/access/scope";
import { Problem } from "@/lib/http/problem";
import { Slots } from "@/lib/http/slots";
import { problemOf } from "../failure";
import { hub } from "./hub";

export const dynamic = "force-dynamic";

/** What a stream is told; a beat is a comment, which keeps what stands between from taking the connection for dead. */
const TEXTS = { changed: "event: changed\ndata: 1\n\n", beat: ": beat\n\n" } as const;
/** A connection that nobody reads any more ends some time; a browser reconnects by itself. */
const LIFETIME_MS = 15 * 60_000;
/** Streams that one person, or one token, may hold in this process: more tabs than anybody looks at. */
const MOST = 40;
const held = new Map<string, Slots>();

/** Takes one of somebody's streams and gives what frees it. Throws a 429 when all are taken. */
function takeStream(who: string): () => void {
  const slots = held.get(who) ?? new Slots(MOST);
  const free = slots.take();
  if (free === null)
    throw new Problem("too-many-requests", `${MOST} streams are open already.`, { headers: { "Retry-After": "60" } });
  held.set(who, slots);
  return () => {
    free();
    if (slots.isFree) held.delete(who);
  };
}

/**
 * Says `changed` when something changed. It carries no data: pages refetch what their own scope may see. Before each word the gate is
 * asked again, and the stream ends when it refuses.
 */
export async function GET(request: Request): Promise<Response> {
  let free: () => void;
  let scope: AccountScope;
  try {
    scope = await requestScope(request, "read");
    requireAnyRole(scope);
    const { tokenId, userId } = scope;
    free = takeStream(tokenId === null ? `person:${userId}` : `token:${tokenId}`);
  } catch (error) {
    return problemOf(error, "GET /events").response();
  }
  const encoder = new TextEncoder();
  let end = (_cancelled: boolean) => {};
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      send("retry: 3000\n\n");
      const stop = hub.join({ scope, hear: (what) => send(TEXTS[what]), end: () => end(false) });
      const life = setTimeout(() => end(false), LIFETIME_MS);
      let ended = false;
      end = (cancelled) => {
        if (ended) return;
        ended = true;
        free();
        stop();
        clearTimeout(life);
        if (!cancelled) controller.close(); // a cancelled stream is closed already, and says so by throwing
      };
      request.signal.addEventListener("abort", () => end(false));
      if (request.signal.aborted) end(false); // they left while we asked who they are
    },
    cancel: () => end(true),
  });
  return new Response(stream, {
    headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" },
  });
}
