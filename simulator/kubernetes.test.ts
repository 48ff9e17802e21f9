import { request } from "node:https";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Core, createCore } from "./core";
import { startKubernetes } from "./kubernetes";
import type { SimCluster, SimWire } from "./model";

interface Reply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  json: Record<string, unknown>;
}

const DAY = 86_400_000;
const anchor = new Date("2026-11-16T00:00:00Z");
let core: Core;
let wire: SimWire;

const clusterOf = (id: string): SimCluster => {
  const cluster = core.clusters().find((each) => each.id === id);
  if (cluster === undefined) throw new Error(`no cluster ${id}`);
  return cluster;
};

interface CallOptions {
  ca?: string;
  token?: string;
  gzip?: boolean;
  accept?: string;
  method?: string;
  body?: string;
  timeout?: number;
}

const call = (id: string, path: string, options: CallOptions = {}): Promise<Reply> => {
  const cluster = clusterOf(id);
  return new Promise((resolve, reject) => {
    const req = request(
      `${cluster.server}${path}`,
      {
        method: options.method ?? "GET",
        ca: options.ca ?? cluster.caCertificate,
        agent: false,
        headers: {
          authorization: `Bearer ${options.token ?? core.serviceAccountToken(cluster)}`,
          ...(options.accept === undefined ? {} : { accept: options.accept }),
          ...(options.gzip === true ? { "accept-encoding": "gzip" } : {}),
        },
      },
      (res) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => chunks.push(chunk));
        res.on("error", reject);
        res.on("end", () => {
          const raw = Buffer.concat(chunks);
          const text = (res.headers["content-encoding"] === "gzip" ? gunzipSync(raw) : raw).toString();
          let json: Record<string, unknown> = {};
          try {
            json = JSON.parse(text) as Record<string, unknown>;
          } catch (error) {
            if (!(error instanceof SyntaxError)) throw error;
          }
          resolve({ status: res.statusCode ?? 0, headers: res.headers, text, json });
        });
      },
    );
    req.setTimeout(options.timeout ?? 10_000, () => req.destroy(new Error("client time-out")));
    req.on("error", reject);
    req.end(options.body);
  });
};

const itemsOf = (reply: Reply) =>
  reply.json.items as { metadata: { name: string; namespace?: string; resourceVersion: string } }[];
const metaOf = (reply: Reply) =>
  reply.json.metadata as { continue?: string; resourceVersion: string; remainingItemCount?: number };

beforeAll(async () => {
  core = createCore({ now: anchor, scenario: "full", scale: 0.3 });
  wire = await startKubernetes(core);
});
afterAll(() => wire.stop());

describe("TLS", () => {
  it("is verified by the cluster's own CA and by no other", async () => {
    expect((await call("arc-store-fra-1", "/version")).status).toBe(200);
    await expect(
      call("arc-store-fra-1", "/version", { ca: clusterOf("arc-plant-gdn-1").caCertificate }),
    ).rejects.toThrow(/certificate|signature/i);
  });
});

describe("identity", () => {
  it("refuses foreign, forged and missing tokens with 401", async () => {
    const foreign = core.serviceAccountToken(clusterOf("arc-plant-gdn-1"));
    expect((await call("arc-store-fra-1", "/api/v1/pods", { token: foreign })).status).toBe(401);
    expect((await call("arc-store-fra-1", "/api/v1/pods", { token: "made-up" })).status).toBe(401);
    const good = core.serviceAccountToken(clusterOf("arc-store-fra-1"));
    expect((await call("arc-store-fra-1", "/api/v1/pods?limit=1", { token: good })).status).toBe(200);
  });

  it("asks the verifier that the distribution's wire registered", async () => {
    core.registerTokenVerifier("gke", async (token, cluster) =>
      token === `token-of-${cluster.id}` ? "reader@harbour" : null,
    );
    expect((await call("gke-prod-ew1-1", "/api/v1/nodes", { token: "token-of-gke-prod-ew1-1" })).status).toBe(200);
    expect((await call("gke-prod-ew1-1", "/api/v1/nodes", { token: "token-of-gke-web-ew4-1" })).status).toBe(401);
  });

  it("names the cluster by the UID of kube-system", async () => {
    const reply = await call("eks-prod-euc1-1", "/api/v1/namespaces/kube-system");
    expect(reply.json).toMatchObject({
      kind: "Namespace",
      apiVersion: "v1",
      metadata: { uid: clusterOf("eks-prod-euc1-1").uid },
    });
  });
});

describe("lists", () => {
  it("come in pages of one consistent snapshot that add up to the whole, without types on the items", async () => {
    const whole = await call("aks-prod-weu-1", "/api/v1/pods");
    const names = itemsOf(whole).map((item) => `${item.metadata.namespace}/${item.metadata.name}`);
    expect(names.length).toBeGreaterThan(100);
    expect(itemsOf(whole)[0]).not.toHaveProperty("kind");
    const paged: string[] = [];
    let next = "";
    do {
      const page = await call("aks-prod-weu-1", `/api/v1/pods?limit=37${next === "" ? "" : `&continue=${next}`}`);
      paged.push(...itemsOf(page).map((item) => `${item.metadata.namespace}/${item.metadata.name}`));
      expect(metaOf(page).resourceVersion).toBe(metaOf(whole).resourceVersion);
      next = metaOf(page).continue ?? "";
    } while (next !== "");
    expect(paged).toEqual(names);
  });

  it("come as metadata when that is asked for: the same objects, versions and pages", async () => {
    const accept = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";
    const whole = await call("aks-prod-weu-1", "/api/v1/pods?limit=40");
    const light = await call("aks-prod-weu-1", "/api/v1/pods?limit=40", { accept });
    expect(light.json).toMatchObject({ kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1" });
    expect(metaOf(light).remainingItemCount).toBe(metaOf(whole).remainingItemCount);
    const type = { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1" };
    expect(light.json.items).toEqual(itemsOf(whole).map(({ metadata }) => ({ ...type, metadata })));
    const next = `/api/v1/pods?limit=40&continue=${metaOf(light).continue}`;
    const [second, secondLight] = await Promise.all([
      call("aks-prod-weu-1", next),
      call("aks-prod-weu-1", next, { accept }),
    ]);
    expect(itemsOf(secondLight).map(({ metadata }) => metadata)).toEqual(
      itemsOf(second).map(({ metadata }) => metadata),
    );
  });

  it("are gzipped when large and accepted", async () => {
    const packed = await call("aks-prod-weu-1", "/api/v1/pods", { gzip: true });
    const plain = await call("aks-prod-weu-1", "/api/v1/pods");
    expect(packed.headers["content-encoding"]).toBe("gzip");
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(packed.text).toBe(plain.text);
  });

  it("expire: 410 with an inconsistent continue that goes on", async () => {
    const first = await call("aks-prod-weu-1", "/api/v1/pods?limit=10");
    core.setNow(new Date(anchor.getTime() + 6 * 60_000), true);
    const late = await call("aks-prod-weu-1", `/api/v1/pods?limit=10&continue=${metaOf(first).continue}`);
    expect(late.status).toBe(410);
    expect(late.json.reason).toBe("Expired");
    const on = await call("aks-prod-weu-1", `/api/v1/pods?limit=10&continue=${metaOf(late).continue}`);
    core.setNow(anchor, true);
    expect(on.status).toBe(200);
    expect(itemsOf(on)[0]?.metadata.name).not.toBe(itemsOf(first)[0]?.metadata.name);
    expect((await call("aks-prod-weu-1", "/api/v1/pods?continue=rubbish")).status).toBe(400);
  });

  it("refuse what the reader may not see, and never show a secret", async () => {
    expect((await call("eks-prod-use1-1", "/apis/networking.k8s.io/v1/networkpolicies")).json).toMatchObject({
      kind: "Status",
      reason: "Forbidden",
      code: 403,
    });
    expect((await call("eks-prod-euc1-1", "/apis/networking.k8s.io/v1/networkpolicies")).status).toBe(200);
    for (const path of [
      "/api/v1/secrets",
      "/api/v1/configmaps",
      "/api/v1/namespaces/payments/secrets/ledger-api-credentials",
    ]) {
      const reply = await call("aks-payments-weu-1", path);
      expect(reply.status).toBe(403);
      expect(reply.text).not.toContain("CANARY");
    }
  });

  it("answer 404 for what no API server has and 501 for what only the simulator lacks", async () => {
    expect((await call("aks-dev-weu-1", "/apis/example.com/v1/widgets")).status).toBe(404);
    expect((await call("aks-dev-weu-1", "/api/v1/namespaces/default/pods/none")).status).toBe(404);
    expect((await call("aks-dev-weu-1", "/api/v1/pods?labelSelector=a%3Db")).status).toBe(501);
    expect((await call("aks-dev-weu-1", "/api/v1/nodes/x", { method: "DELETE" })).status).toBe(501);
  });
});

describe("self-subject reviews", () => {
  const ask = (resource: string, group: string) =>
    call("eks-prod-use1-1", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
      method: "POST",
      body: JSON.stringify({ spec: { resourceAttributes: { verb: "list", resource, group } } }),
    });
  it("say what the lists will say", async () => {
    expect((await ask("pods", "")).json).toMatchObject({ status: { allowed: true } });
    expect((await ask("networkpolicies", "networking.k8s.io")).json).toMatchObject({ status: { allowed: false } });
    expect((await ask("secrets", "")).json).toMatchObject({ status: { allowed: false } });
    const review = (spec: object) =>
      call("eks-prod-use1-1", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", {
        method: "POST",
        body: JSON.stringify({ spec }),
      });
    expect((await review({})).status).toBe(400);
    const rules = await review({ namespace: "default" });
    expect(rules.status).toBe(201);
    expect(rules.text).toContain("deployments");
    expect(rules.text).not.toContain("networkpolicies");
  });
});

describe("watch", () => {
  it("streams what changed since a resourceVersion, then a bookmark", async () => {
    const start = new Date(anchor.getTime() + 2 * DAY + 10 * 3_600_000);
    core.setNow(start, true);
    const { resourceVersion } = metaOf(await call("aks-dev-weu-1", "/api/v1/pods?limit=1"));
    core.setNow(new Date(start.getTime() + 50 * 60_000), true);
    const reply = await call(
      "aks-dev-weu-1",
      `/api/v1/pods?watch=1&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion=${resourceVersion}`,
    );
    const events = reply.text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; object: { metadata: { resourceVersion: string } } });
    expect(events.at(-1)?.type).toBe("BOOKMARK");
    for (const event of events.slice(0, -1)) expect(["ADDED", "MODIFIED", "DELETED"]).toContain(event.type);
    const old = await call("aks-dev-weu-1", "/api/v1/pods?watch=1&resourceVersion=1000");
    core.setNow(anchor, true);
    expect(JSON.parse(old.text)).toMatchObject({ type: "ERROR", object: { code: 410 } });
  });
});

describe("faults", () => {
  const hit = async (kind: Parameters<Core["addFault"]>[0]["kind"], timeout = 10_000) => {
    const fault = core.addFault({
      service: "kubernetes",
      action: "list services",
      target: "gke-web-ew4-1",
      kind,
      times: 1,
    });
    try {
      return await call("gke-web-ew4-1", "/api/v1/services?limit=5", { timeout });
    } finally {
      core.removeFault(fault.id);
    }
  };
  it.each(["401", "403", "404", "500"] as const)("%s is a Status", async (kind) => {
    expect((await hit(kind)).json).toMatchObject({ kind: "Status", code: Number(kind) });
  });
  it("429 carries Retry-After as seconds or as a date", async () => {
    expect((await hit("429-seconds")).headers["retry-after"]).toBe("2");
    expect(Date.parse(String((await hit("429-date")).headers["retry-after"]))).toBeGreaterThan(Date.now() - 1000);
  });
  it("hang, reset and cut fail in the client", async () => {
    await expect(hit("hang", 300)).rejects.toThrow("client time-out");
    await expect(hit("reset")).rejects.toThrow();
    await expect(hit("cut")).rejects.toThrow();
  });
  it("malformed and html are 200 with rubbish", async () => {
    const malformed = await hit("malformed");
    expect(malformed.status).toBe(200);
    expect(() => JSON.parse(malformed.text)).toThrow();
    expect((await hit("html")).headers["content-type"]).toContain("text/html");
  });
  it("repeat-page leads back to itself for ever", async () => {
    core.addFault({ id: "loop", service: "kubernetes", action: "list services", kind: "repeat-page" });
    const first = await call("gke-web-ew4-1", "/api/v1/services?limit=5");
    const second = await call("gke-web-ew4-1", `/api/v1/services?limit=5&continue=${metaOf(first).continue}`);
    core.removeFault();
    expect(itemsOf(second)).toEqual(itemsOf(first));
    expect(metaOf(second).continue).toBeDefined();
  });
  it("are counted: after `times` the API is well again, and the log holds every request", async () => {
    const before = core.requests().next;
    expect((await hit("500")).status).toBe(500);
    expect((await call("gke-web-ew4-1", "/api/v1/services?limit=5")).status).toBe(200);
    expect(core.requests(before).requests.map(({ action, status }) => ({ action, status }))).toEqual([
      { action: "list services", status: 500 },
      { action: "list services", status: 200 },
    ]);
  });
});
