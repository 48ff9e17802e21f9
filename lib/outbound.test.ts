import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { assertAllowedUrl, guardedAgent } from "./outbound";
import { classifyAddress } from "./outbound-address";
import { OutboundError } from "./outbound-error";
import { type GuardedRequestOptions, giveBack, guardedFetchJson, guardedRequest } from "./outbound-request";
import { caCertificate, otherCaCertificate, serverCertificate, serverKey } from "./testing/tls";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer({ key: serverKey, cert: serverCertificate }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
  } catch (error) {
    expect(error).toBeInstanceOf(OutboundError);
    return error instanceof OutboundError ? error.code : "not an OutboundError";
  }
  return "resolved";
};
const policy = { allowPrivate: true, ca: caCertificate };
const get = (port: number, options: GuardedRequestOptions = {}) =>
  guardedFetchJson(`https://localhost:${port}/`, { policy, ...options });

describe("address matrix", () => {
  it.each([
    ["8.8.8.8", "public"],
    ["2606:4700::1111", "public"],
    ["64:ff9b::808:808", "public"],
    ["::ffff:8.8.8.8", "public"],
    ["10.1.2.3", "private"],
    ["172.31.0.1", "private"],
    ["192.168.1.1", "private"],
    ["100.64.0.1", "private"],
    ["fd12::1", "private"],
    ["::ffff:10.0.0.1", "private"],
    ["64:ff9b::a00:1", "private"],
    ["127.9.9.9", "loopback"],
    ["::1", "loopback"],
    ["::ffff:7f00:1", "loopback"],
    ["64:ff9b::7f00:1", "loopback"],
    ["169.254.169.254", "forbidden"],
    ["169.254.1.1", "forbidden"],
    ["::ffff:169.254.169.254", "forbidden"],
    ["64:ff9b::a9fe:a9fe", "forbidden"],
    ["2002:a9fe:a9fe::1", "forbidden"],
    ["2002:808:808::1", "forbidden"],
    ["2001:0:53aa:64c::1", "forbidden"],
    ["fd00:ec2::254", "forbidden"],
    ["fe80::1", "forbidden"],
    ["fe80::1%eth0", "forbidden"],
    ["fec0::1", "forbidden"],
    ["100.100.100.200", "forbidden"],
    ["168.63.129.16", "forbidden"],
    ["0.0.0.0", "forbidden"],
    ["0.1.2.3", "forbidden"],
    ["::", "forbidden"],
    ["::7f00:1", "forbidden"],
    ["224.0.0.1", "forbidden"],
    ["ff02::1", "forbidden"],
    ["255.255.255.255", "forbidden"],
    ["240.0.0.1", "forbidden"],
    ["192.0.2.1", "forbidden"],
    ["198.18.0.1", "forbidden"],
    ["2001:db8::1", "forbidden"],
    ["0177.0.0.1", "forbidden"],
    ["2130706433", "forbidden"],
    ["", "forbidden"],
  ])("%s is %s", (address, kind) => {
    expect(classifyAddress(address)).toBe(kind);
  });

  it.each([
    "https://2130706433/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://[::ffff:127.0.0.1]/",
    "https://169.254.169.254/latest",
    "https://[fd00:ec2::254]/",
    "https://１２７.0.0.1/",
  ])("refuses %s without the operator's setting", async (url) => {
    expect(await codeOf(assertAllowedUrl(url, { allowPrivate: false }))).toBe("forbidden_address");
  });

  it("never reaches metadata, even with the operator's setting", async () => {
    for (const url of [
      "https://169.254.169.254/",
      "https://[fd00:ec2::254]/",
      "https://0xa9fea9fe/",
      "https://2852039166/",
    ]) {
      expect(await codeOf(assertAllowedUrl(url, { allowPrivate: true }))).toBe("forbidden_address");
      expect(await codeOf(guardedRequest(url, { policy }))).toBe("forbidden_address");
    }
  });

  it("refuses a name when any one of its addresses is refused", async () => {
    const resolve = async () => ["8.8.8.8", "10.0.0.1"];
    expect(await codeOf(assertAllowedUrl("https://a.example/", { allowPrivate: false, resolve }))).toBe(
      "forbidden_address",
    );
    expect(await codeOf(assertAllowedUrl("https://a.example/", { allowPrivate: true, resolve }))).toBe("resolved");
    expect(await codeOf(assertAllowedUrl("https://a.example/", { allowPrivate: true, resolve: async () => [] }))).toBe(
      "unresolvable",
    );
  });

  it.each([
    ["ftp://a.example/", "invalid_url"],
    ["http://8.8.8.8/", "invalid_url"],
    ["http://10.0.0.1/", "invalid_url"],
    ["https://user:pw@8.8.8.8/", "invalid_url"],
    ["nonsense", "invalid_url"],
    ["http://127.0.0.1:1/", "resolved"],
  ])("%s with the operator's setting: %s", async (url, code) => {
    expect(await codeOf(assertAllowedUrl(url, { allowPrivate: true }))).toBe(code);
  });
});

describe("requests", () => {
  it("connects to the address it checked: a rebinding name gets nothing", async () => {
    const hosts: string[] = [];
    const port = await serve((request, response) => {
      hosts.push(request.headers.host ?? "");
      response.end("{}");
    });
    const answers = [["93.184.216.34"], ["127.0.0.1"]];
    let asked = 0;
    const resolve = async () => answers[asked++] ?? ["127.0.0.1"];
    const url = `https://api.fixture.example:${port}/`;
    await assertAllowedUrl(url, { allowPrivate: false, resolve });
    expect(await codeOf(guardedRequest(url, { policy: { allowPrivate: false, ca: caCertificate, resolve } }))).toBe(
      "forbidden_address",
    );
    expect(hosts).toEqual([]);
    expect((await guardedRequest(url, { policy: { ...policy, resolve } })).status).toBe(200);
    expect(hosts).toEqual([`api.fixture.example:${port}`]);
    expect(asked).toBe(3);
  });

  it("trusts only the given CA and checks the name", async () => {
    const port = await serve((_, response) => response.end("{}"));
    const resolve = async () => ["127.0.0.1"];
    expect(await codeOf(get(port, { policy: { allowPrivate: true, ca: otherCaCertificate } }))).toBe("tls");
    const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
    expect(await codeOf(get(port, { policy: { allowPrivate: true, ca: broken } }))).toBe("tls");
    expect(await codeOf(get(port, { policy: { allowPrivate: true } }))).toBe("tls");
    const url = `https://other.example:${port}/`;
    expect(await codeOf(guardedRequest(url, { policy: { ...policy, resolve } }))).toBe("tls");
    expect(
      (await guardedRequest(url, { policy: { ...policy, resolve, tlsServerName: "api.fixture.example" } })).status,
    ).toBe(200);
  });

  it("does not follow a redirect, nor does fetch through the agent", async () => {
    let asked = 0;
    const port = await serve((request, response) => {
      asked++;
      response.writeHead(request.url === "/" ? 307 : 200, { location: "/next" }).end("{}");
    });
    expect(await codeOf(get(port))).toBe("redirect");
    const agent = guardedAgent(policy);
    closers.push(() => agent.destroy());
    await expect(fetch(`https://localhost:${port}/`, { dispatcher: agent } as RequestInit)).rejects.toThrow();
    expect(asked).toBe(2);
  });

  it("stops a gzip bomb by its ratio and by its size", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const port = await serve((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(bomb));
    expect(await codeOf(get(port))).toBe("too_large");
    expect(await codeOf(get(port, { limits: { maxRatio: 1e9, maxDecodedBytes: 1024 } }))).toBe("too_large");
  });

  it("caps bytes whether announced or not, and refuses unasked encodings", async () => {
    const port = await serve((request, response) => {
      if (request.url === "/br") return void response.writeHead(200, { "content-encoding": "br" }).end("x");
      if (request.url === "/announced") return void response.end(Buffer.alloc(5000));
      response.write(Buffer.alloc(3000));
      response.end(Buffer.alloc(3000));
    });
    const limits = { maxBytes: 4000 };
    for (const path of ["announced", "chunked"]) {
      expect(await codeOf(guardedRequest(`https://localhost:${port}/${path}`, { policy, limits }))).toBe("too_large");
    }
    expect(await codeOf(guardedRequest(`https://localhost:${port}/br`, { policy, limits }))).toBe("malformed");
  });

  it("gives up on slow headers, a silent body and a dripping body", async () => {
    const port = await serve((request, response) => {
      if (request.url === "/hang") return;
      response.writeHead(200);
      response.write("[");
      if (request.url !== "/drip") return;
      const drip = setInterval(() => response.write(" "), 50);
      response.on("close", () => clearInterval(drip));
    });
    for (const [path, limits] of [
      ["hang", { headersTimeoutMs: 1 }],
      ["silent", { bodyTimeoutMs: 1 }],
      ["hang", { totalTimeoutMs: 200 }],
      ["drip", { totalTimeoutMs: 400 }],
    ] as const) {
      expect(await codeOf(guardedRequest(`https://localhost:${port}/${path}`, { policy, limits }))).toBe("timeout");
    }
    expect(
      await codeOf(guardedRequest(`https://localhost:${port}/hang`, { policy, signal: AbortSignal.timeout(100) })),
    ).toBe("aborted");
  });

  it("tells a cut body from a whole one, plain and compressed", async () => {
    const port = await serve((request, response) => {
      if (request.url === "/gzip") {
        const whole = gzipSync('{"a":"bcdefghijklmnop"}');
        return void response.writeHead(200, { "content-encoding": "gzip" }).end(whole.subarray(0, whole.length - 9));
      }
      response.writeHead(200, { "content-length": "100" });
      response.write("{", () => response.socket?.destroy());
    });
    for (const path of ["", "gzip"])
      expect(await codeOf(guardedRequest(`https://localhost:${port}/${path}`, { policy }))).toBe("cut");
  });

  it("refuses deep JSON, HTML and bytes that are not UTF-8, and drops __proto__", async () => {
    const bodies: Record<string, string | Buffer> = {
      "/deep": `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
      "/html": "<html>sign in</html>",
      "/latin": Buffer.from([0x22, 0xff, 0x22]),
      "/proto": '{"a":{"__pr\\u006fto__":{"polluted":true},"b":"[[[\\"[["}}',
    };
    const port = await serve((request, response) => response.end(bodies[request.url ?? ""]));
    const fetchPath = (path: string, maxDepth = 64) =>
      guardedFetchJson(`https://localhost:${port}${path}`, { policy, limits: { maxDepth } });
    expect(await codeOf(fetchPath("/deep"))).toBe("too_large");
    expect(await codeOf(fetchPath("/html"))).toBe("malformed");
    expect(await codeOf(fetchPath("/latin"))).toBe("malformed");
    expect((await fetchPath("/proto", 3)).json).toEqual({ a: { b: '[[["[[' } });
    expect(Object.keys(((await fetchPath("/proto", 3)).json as { a: object }).a)).toEqual(["b"]);
  });
});

it("gives the memory of a read body back, but never one that others share", () => {
  const response = (body: Buffer) => ({ status: 200, headers: {}, body });
  const large = response(Buffer.alloc(1_000_000, "a"));
  giveBack(large);
  expect(large.body.length).toBe(0);
  const small = response(Buffer.from("shares a pool"));
  const part = response(Buffer.alloc(1_000_000, "b").subarray(10));
  giveBack(small);
  giveBack(part);
  expect(small.body.toString()).toBe("shares a pool");
  expect(part.body.length).toBe(999_990);
});
