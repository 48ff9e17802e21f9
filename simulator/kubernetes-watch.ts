import type { ServerResponse } from "node:http";
import { type Content, dateOfResourceVersion, type Entry } from "./content";
import type { Core } from "./core";
import { statusBody } from "./kubernetes-answer";
import { apiVersionOf, type ServedKind } from "./kubernetes-kinds";
import { typed } from "./kubernetes-list";

interface WatchQuery {
  core: Core;
  kind: ServedKind;
  namespace: string | undefined;
  resourceVersion: string | undefined;
  bookmarks: boolean;
  timeoutSeconds: number;
  contentAt(time: Date): Content;
}

const POLL_MS = 200;
const BOOKMARK_MS = 10_000;
/** The watch cache remembers this much simulated time. */
const WINDOW_MS = 60 * 60_000;

/** Streams ADDED, MODIFIED, DELETED and BOOKMARK events until the time-out or the client's end. */
export function watch(res: ServerResponse, query: WatchQuery): void {
  const { core, kind } = query;
  const listed = (content: Content): Map<string, Entry> =>
    new Map(
      (content.lists.get(kind.resource) ?? [])
        .filter((entry) => query.namespace === undefined || entry.namespace === query.namespace)
        .map((entry) => [entry.key, entry]),
    );
  const event = (type: string, object: string) => res.write(`{"type":"${type}","object":${object}}\n`);
  res.writeHead(200, { "content-type": "application/json", "cache-control": "no-cache, private" });
  res.flushHeaders();

  let known = new Map<string, Entry>();
  let version = "";
  const advance = (content: Content) => {
    const next = listed(content);
    for (const [key, entry] of next) {
      const before = known.get(key);
      if (before === undefined) event("ADDED", typed(kind, entry));
      else if (before.resourceVersion !== entry.resourceVersion) event("MODIFIED", typed(kind, entry));
    }
    for (const [key, entry] of known) if (!next.has(key)) event("DELETED", typed(kind, entry));
    known = next;
    version = content.resourceVersion;
  };
  const bookmark = () =>
    query.bookmarks &&
    event(
      "BOOKMARK",
      JSON.stringify({
        kind: kind.kind,
        apiVersion: apiVersionOf(kind),
        metadata: { resourceVersion: version, creationTimestamp: null },
      }),
    );

  if (query.resourceVersion !== undefined && query.resourceVersion !== "0") {
    const since = dateOfResourceVersion(core.world, query.resourceVersion);
    if (!(core.now().getTime() - since.getTime() <= WINDOW_MS)) {
      event("ERROR", statusBody(410, `too old resource version: ${query.resourceVersion}`));
      res.end();
      return;
    }
    const start = query.contentAt(since);
    known = listed(start);
    version = start.resourceVersion;
  }
  advance(query.contentAt(core.now()));
  bookmark();

  let sinceBookmark = 0;
  const poll = setInterval(() => {
    const content = query.contentAt(core.now());
    sinceBookmark += POLL_MS;
    const moved = content.resourceVersion !== version;
    if (moved) advance(content);
    if (moved || sinceBookmark >= BOOKMARK_MS) {
      bookmark();
      sinceBookmark = 0;
    }
  }, POLL_MS);
  const end = setTimeout(() => res.end(), query.timeoutSeconds * 1000);
  res.on("close", () => {
    clearInterval(poll);
    clearTimeout(end);
  });
}
