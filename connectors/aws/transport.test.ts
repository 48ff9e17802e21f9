import { createServer, type RequestListener } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { EksRegion } from "@/connectors/eks/client";
import { caCertificate, otherCaCertificate, serverCertificate, serverKey } from "@/lib/testing/tls";
import { awsSettingsSchema } from "./schema";
import { AwsSession } from "./session";

const credentials = { accessKeyId: "AKIAEXAMPLE000000000", secretAccessKey: "example" };
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

const secure = { key: serverKey, cert: serverCertificate };

/** A region of EKS answered by `listener` on a loopback port. */
async function region(listener: RequestListener, change: object = {}, allowPrivateNetworks = true, isSecure = false) {
  const server = isSecure ? createSecureServer(secure, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(
    () => void server.close(),
    () => server.closeAllConnections(),
  );
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const settings = awsSettingsSchema.parse({
    accountId: "111122223333",
    roleArn: "arn:aws:iam::111122223333:role/r",
    externalId: "ext",
    endpoints: { eks: `http${isSecure ? "s" : ""}://127.0.0.1:${port}` },
    requestTimeoutMs: 300,
    maxAttempts: 1,
    ...change,
  });
  const signal = new AbortController().signal;
  const session = await AwsSession.open(settings, credentials, { signal, log: () => {}, allowPrivateNetworks });
  open.push(() => session.close());
  return new EksRegion(session, "eu-west-1", credentials);
}

describe("bounds", () => {
  it("gives up on an answer without an end", async () => {
    const chunk = Buffer.alloc(1024 * 1024, "a");
    const eks = await region(
      (_req, res) => {
        const more = (): void => void (res.writable && res.write(chunk, more));
        res.writeHead(200, { "content-type": "application/json" });
        more();
      },
      { requestTimeoutMs: 20_000 },
    );
    await expect(eks.listClusters()).rejects.toMatchObject({ gap: { code: "too_large" } });
  });

  it("gives up on an answer that stalls after its head", async () => {
    const eks = await region((_req, res) => void res.writeHead(200).write('{"clusters":['));
    await expect(eks.listClusters()).rejects.toMatchObject({ gap: { code: "timeout" } });
  });

  it("takes no answer of another shape for an empty estate", async () => {
    for (const body of ["{}", "[]", "null", '{"clusters":"all"}', '{"clusters":[1]}', '{"clusters":null}', ""]) {
      const eks = await region((_req, res) => void res.end(body));
      await expect(eks.listClusters(), body).rejects.toMatchObject({ gap: { code: "malformed" } });
    }
  });

  it("follows no redirect", async () => {
    let requests = 0;
    const eks = await region((_req, res) => {
      requests += 1;
      res.writeHead(302, { location: "/elsewhere" }).end();
    });
    await expect(eks.listClusters()).rejects.toMatchObject({ gap: { code: "unreachable" } });
    expect(requests).toBe(1);
  });

  it("retries a failure that may pass and no other", async () => {
    const asked = async (status: number, name: string) => {
      let requests = 0;
      const eks = await region(
        (_req, res) => {
          requests += 1;
          res.writeHead(status, { "x-amzn-errortype": name }).end("{}");
        },
        { maxAttempts: 3, maxRetryWaitMs: 10 },
      );
      await expect(eks.listClusters()).rejects.toMatchObject({ name: "ConnectorError" });
      return requests;
    };
    expect(await asked(400, "ThrottlingException")).toBe(3);
    expect(await asked(500, "ServerException")).toBe(3);
    expect(await asked(403, "AccessDeniedException")).toBe(1);
  });

  it("refuses a loopback endpoint unless the operator allows it", async () => {
    await expect(region(() => {}, {}, false)).rejects.toMatchObject({ gap: { code: "unreachable" } });
  });

  it("unpacks no answer that grows beyond the bounds, and reads none that nests too deep", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, " "));
    const packed = await region((_req, res) => void res.writeHead(200, { "content-encoding": "gzip" }).end(bomb), {
      requestTimeoutMs: 20_000,
    });
    await expect(packed.listClusters()).rejects.toMatchObject({ gap: { code: "too_large" } });
    const deep = await region((_req, res) => void res.end(`{"clusters":[],"x":${"[".repeat(500)}${"]".repeat(500)}}`));
    await expect(deep.listClusters()).rejects.toMatchObject({ gap: { code: "too_large" } });
  });

  it("sends no credential to an address that may not be reached, even of a name", async () => {
    const eks = await region(() => {}, { endpoints: { eks: "http://localhost:1" }, maxAttempts: 1 });
    await expect(eks.listClusters()).rejects.toMatchObject({ gap: { code: "unreachable" } });
  });
});

describe("the CA bundle", () => {
  const list: RequestListener = (_req, res) => void res.end('{"clusters":["one"]}');

  it("is all that is trusted, not what is trusted besides the public authorities", async () => {
    const before = getCACertificates("default");
    setDefaultCACertificates([...before, caCertificate]); // as if a public authority had signed the server
    try {
      const trusting = await region(list, {}, true, true);
      expect((await trusting.listClusters()).items).toEqual(["one"]);
      const bundled = await region(list, { caBundle: caCertificate }, true, true);
      expect((await bundled.listClusters()).items).toEqual(["one"]);
      const other = await region(list, { caBundle: otherCaCertificate }, true, true);
      await expect(other.listClusters()).rejects.toMatchObject({ gap: { code: "unreachable" } });
    } finally {
      setDefaultCACertificates(before);
    }
  });
});
