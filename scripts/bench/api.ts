import { createServer } from "node:https";
import { gzipSync } from "node:zlib";
import { LISTED_KINDS } from "@/domain/inventory/schema";
import { serverCertificate, serverKey } from "@/lib/testing/tls";
import { estate, type Shape } from "./estate";

/** A process of its own: an API server whose pages are compressed before the first request, so that only the reader is measured. */
const PAGE = 500;
const [shape = "owned"] = process.argv.slice(2) as Shape[];
const PARTIAL = { apiVersion: "meta.k8s.io/v1" };
const answers = new Map<string, Buffer>();
const put = (url: string, body: unknown): number => {
  const text = JSON.stringify(body);
  answers.set(url, gzipSync(text));
  return text.length;
};

put("/version", { major: "1", minor: "33", gitVersion: "v1.33.1" });
const objects = estate(shape);
put("/api/v1/namespaces/kube-system", objects.Namespace?.at(-1));
let bytes = 0;
for (const { kind, apiVersion, path } of LISTED_KINDS) {
  const items = objects[kind] ?? [];
  for (let at = 0; at === 0 || at < items.length; at += PAGE) {
    const next = at + PAGE < items.length ? String(at + PAGE) : "";
    const metadata = { resourceVersion: "9000000", ...(next === "" ? {} : { continue: next }) };
    const url = `${path}?limit=${PAGE}${at === 0 ? "" : `&continue=${at}`}`;
    const page = items.slice(at, at + PAGE);
    bytes += put(url, { kind: `${kind}List`, apiVersion, metadata, items: page });
    const light = page.map((item) => ({ ...PARTIAL, kind: "PartialObjectMetadata", metadata: item.metadata }));
    put(`${url} light`, { ...PARTIAL, kind: "PartialObjectMetadataList", metadata, items: light });
  }
}
const pods = objects.Pod ?? [];
const podBytes = Math.round(
  pods.reduce((sum, item) => sum + JSON.stringify(item).length, 0) / Math.max(pods.length, 1),
);

const server = createServer({ key: serverKey, cert: serverCertificate }, (request, response) => {
  const light = (request.headers.accept ?? "").startsWith("application/json;as=PartialObjectMetadataList;");
  const body = answers.get(`${request.url ?? ""}${light ? " light" : ""}`);
  if (body === undefined) return void response.writeHead(404).end();
  response.writeHead(200, {
    "content-type": "application/json",
    "content-encoding": "gzip",
    "content-length": body.length,
  });
  response.end(body);
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The API server has no port.");
  process.send?.({ port: address.port, bytes, podBytes, objects: Object.values(objects).flat().length });
});
process.on("disconnect", () => process.exit(0));
