import { requestScope } from "@/domain/access/gate";
import { Problem } from "@/lib/http/problem";
import { Slots } from "@/lib/http/slots";
import { problemOf } from "../failure";
import { onChange } from "./hub";

export const dynamic = "force-dynamic";

const BEAT_MS = 25_000;
/** A session may end; the browser reconnects by itself and is then asked again who it is. */
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

/** Says `changed` when something changed. It carries no data: pages refetch what their own scope may see. */
export async function GET(request: Request): Promise<Response> {
  let free: () => void;
  try {
    const { tokenId, userId } = await requestScope(request, "read");
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
      const stop = onChange(() => send("event: changed\ndata: 1\n\n"));
      const beat = setInterval(() => send(": beat\n\n"), BEAT_MS);
      const life = setTimeout(() => end(false), LIFETIME_MS);
      let ended = false;
      end = (cancelled) => {
        if (ended) return;
        ended = true;
        free();
        stop();
        clearInterval(beat);
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
