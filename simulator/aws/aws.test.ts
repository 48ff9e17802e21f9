import { readFileSync } from "node:fs";
import { request } from "node:https";
import { EKSClient, ListInsightsCommand, paginateListAddons } from "@aws-sdk/client-eks";
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { HttpRequest } from "@smithy/core/protocols";
import { NormalizedSchema } from "@smithy/core/schema";
import { Hash } from "@smithy/core/serde";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCore } from "../core";
import type { TokenVerifier } from "../model";
import { conform } from "./conform";
import { externalIdOf, HUB, roleArnOf } from "./identity";
import { type AwsWire, start } from "./index";
import { restOperation } from "./operations";
import { parseAmzDate, parseScope, sha256, signatureMatches } from "./signature";
import { eksTokenVerifier } from "./token";

const core = createCore({ scenario: "tiny" });
const account = core.accounts().find((each) => each.provider === "aws");
if (!account) throw new Error("no AWS account");
let wire: AwsWire;
beforeAll(async () => {
  wire = await start(core);
});
afterAll(() => wire.stop());

const hub = { accessKeyId: HUB.accessKeyId, secretAccessKey: HUB.secretAccessKey };
const client = (credentials: object) => ({
  region: "eu-central-1",
  endpoint: wire.endpoints.sts ?? "",
  requestHandler: { httpsAgent: { ca: core.tls.ca } },
  maxAttempts: 1,
  credentials: credentials as typeof hub,
});
const sts = (credentials: object = hub) => new STSClient(client(credentials));
const assume = async (change: object = {}) => {
  const input = {
    RoleArn: roleArnOf(account),
    RoleSessionName: "test",
    ExternalId: externalIdOf(account.id),
    ...change,
  };
  const { Credentials: keys } = await sts().send(new AssumeRoleCommand(input));
  return {
    accessKeyId: keys?.AccessKeyId ?? "",
    secretAccessKey: keys?.SecretAccessKey ?? "",
    sessionToken: keys?.SessionToken ?? "",
  };
};

describe("signature", () => {
  it("agrees with the example that AWS publishes", () => {
    const amzDate = "20150830T123600Z";
    const scope = parseScope("AKIDEXAMPLE000000/20150830/us-east-1/iam/aws4_request");
    if (!scope) throw new Error("scope");
    const headers = {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      host: "iam.amazonaws.com",
      "x-amz-date": amzDate,
    };
    const query = new URLSearchParams("Action=ListUsers&Version=2010-05-08");
    const signed = { method: "GET", path: "/", query, headers, payloadHash: sha256("") };
    const secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    const expected = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";
    const names = ["content-type", "host", "x-amz-date"];
    expect(signatureMatches(signed, scope, names, amzDate, secret, expected)).toBe(true);
    expect(signatureMatches({ ...signed, method: "POST" }, scope, names, amzDate, secret, expected)).toBe(false);
    expect(parseAmzDate(amzDate)).toBe(Date.parse("2015-08-30T12:36:00Z"));
    expect(parseAmzDate("yesterday")).toBeNaN();
  });

  it("refuses a wrong secret, an unknown key and a stolen key without its session token", async () => {
    const who = (credentials: object) => sts(credentials).send(new GetCallerIdentityCommand({}));
    await expect(who({ ...hub, secretAccessKey: "wrong" })).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
    await expect(who({ ...hub, accessKeyId: "AKIAUNKNOWN000000000" })).rejects.toMatchObject({
      name: "InvalidClientTokenId",
    });
    const { sessionToken: _dropped, ...stolen } = await assume();
    await expect(who(stolen)).rejects.toMatchObject({ name: "InvalidClientTokenId" });
  });

  it("refuses an unsigned request", async () => {
    const status = await new Promise((resolve, reject) => {
      const req = request(`${wire.endpoints.eks}/clusters`, { ca: core.tls.ca }, (res) => {
        res.resume();
        resolve(res.statusCode);
      });
      req.on("error", reject);
      req.end();
    });
    expect(status).toBeGreaterThanOrEqual(400);
  });
});

describe("roles", () => {
  it("gives a role only for its external id", async () => {
    const session = await assume();
    const { Account, Arn } = await sts(session).send(new GetCallerIdentityCommand({}));
    expect([Account, Arn]).toEqual([account.id, `arn:aws:sts::${account.id}:assumed-role/SeawallReadOnly/test`]);
    await expect(assume({ ExternalId: "wrong" })).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(assume({ ExternalId: undefined })).rejects.toMatchObject({ name: "AccessDenied" });
    await expect(assume({ RoleArn: `arn:aws:iam::${account.id}:role/Admin` })).rejects.toMatchObject({
      name: "AccessDenied",
    });
  });

  it("turns a genuine web identity into the hub, and only that", async () => {
    const { token, roleArn } = wire.webIdentity();
    const attempt = (WebIdentityToken: string) =>
      sts().send(new AssumeRoleWithWebIdentityCommand({ RoleArn: roleArn, RoleSessionName: "w1", WebIdentityToken }));
    expect((await attempt(token)).AssumedRoleUser?.Arn).toContain(":assumed-role/seawall-hub/w1");
    await expect(attempt(`${token.slice(0, -6)}AAAAAA`)).rejects.toMatchObject({
      name: "InvalidIdentityTokenException",
    });
  });
});

describe("cluster tokens", () => {
  const cluster = core.clusters().find((each) => each.accountId === account.id);
  if (!cluster) throw new Error("no EKS cluster");
  const host = `sts.${cluster.region}.amazonaws.com`;
  /** A token as a client makes it, with one thing changed. */
  const mint = async (
    change: { age?: number; expiresIn?: number; hoist?: boolean; host?: string; name?: string } = {},
  ) => {
    const credentials = await assume();
    const signer = new SignatureV4({
      service: "sts",
      region: cluster.region,
      credentials,
      sha256: Hash.bind(null, "sha256"),
    });
    const name = change.host ?? host;
    const signed = await signer.presign(
      new HttpRequest({
        method: "GET",
        protocol: "https:",
        hostname: name,
        path: "/",
        query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
        headers: { host: name, "x-k8s-aws-id": change.name ?? cluster.id },
      }),
      {
        expiresIn: change.expiresIn ?? 60,
        signingDate: new Date(Date.now() - (change.age ?? 0)),
        [change.hoist ? "hoistableHeaders" : "unhoistableHeaders"]: new Set(["x-k8s-aws-id"]),
      },
    );
    const url = new URL(`https://${name}/`);
    for (const [key, value] of Object.entries(signed.query ?? {})) url.searchParams.append(key, String(value));
    return `k8s-aws-v1.${Buffer.from(url.href).toString("base64url")}`;
  };
  const verify = async (token: string, at = cluster) => {
    const verifiers: TokenVerifier[] = [];
    const other = await start({ ...core, registerTokenVerifier: (_kind, each) => void verifiers.push(each) });
    await other.stop();
    return { own: await verifiers[0]?.(token, at), shared: await eksTokenVerifier(wire.identities)(token, at) };
  };

  it("are accepted for their cluster, and only by the estate that gave the session", async () => {
    const answer = await verify(await mint());
    expect(answer).toEqual({ own: null, shared: `arn:aws:sts::${account.id}:assumed-role/SeawallReadOnly/test` });
  });

  it.each([
    ["another cluster's name", { name: "another" }],
    ["an age of 16 minutes", { age: 16 * 60_000 }],
    ["more than 15 minutes of validity", { expiresIn: 901 }],
    ["a name in the query", { hoist: true }],
    ["another host", { host: "sts.attacker.example" }],
  ])("are refused for %s", async (_what, change) => {
    expect((await verify(await mint(change))).shared).toBeNull();
  });

  it("are refused for garbage and for a cluster of another account", async () => {
    for (const token of ["", "k8s-aws-v1.", "k8s-aws-v1.AAAA", `k8s-aws-v1.${"A".repeat(9000)}`]) {
      expect((await verify(token)).shared).toBeNull();
    }
    expect((await verify(await mint(), { ...cluster, accountId: "999999999999" })).shared).toBeNull();
  });
});

describe("wire", () => {
  it("answers an operation it does not simulate with a loud 501", async () => {
    const eks = new EKSClient(client(await assume()));
    const work = eks.send(new ListInsightsCommand({ clusterName: "x" }));
    await expect(work).rejects.toMatchObject({ $metadata: { httpStatusCode: 501 } });
    expect(core.requests().requests.at(-1)).toMatchObject({ service: "eks", status: 501 });
  });

  it("pages, and refuses a page token of its own making", async () => {
    const eks = new EKSClient(client(await assume()));
    const name = core.clusters().find((each) => each.accountId === account.id && each.region === "eu-central-1")?.id;
    const pages: number[] = [];
    for await (const page of paginateListAddons({ client: eks }, { clusterName: name })) {
      pages.push(page.addons?.length ?? 0);
    }
    expect(pages.length).toBeGreaterThan(1);
    expect(core.requests().requests.at(-1)?.action).toBe("eks:ListAddons");
    const forged = paginateListAddons({ client: eks, startingToken: "forged" }, { clusterName: name }).next();
    await expect(forged).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("checks its answers against the SDK's schema", () => {
    const operation = restOperation("eks", "GET", "/clusters/x")?.operation;
    if (!operation) throw new Error("no operation");
    expect(operation.output).toBeInstanceOf(NormalizedSchema);
    expect(() => conform(operation.output, { cluster: { name: "x", createdAt: new Date() } })).not.toThrow();
    expect(() => conform(operation.output, { cluster: { nam: "x" } })).toThrow("no member nam");
    expect(() => conform(operation.output, { cluster: { name: 1 } })).toThrow("$.cluster.name");
    expect(() => conform(operation.output, { cluster: { createdAt: "today" } })).toThrow("createdAt");
  });

  it("imports nothing of the product", () => {
    for (const file of ["index", "stand", "request", "token"]) {
      const text = readFileSync(new URL(`./${file}.ts`, import.meta.url), "utf8");
      expect(text).not.toMatch(/from "(@\/|\.\.\/\.\.\/)/);
    }
  });
});
