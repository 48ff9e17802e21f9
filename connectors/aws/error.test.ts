import { describe, expect, it } from "vitest";
import { ConnectorError } from "@/connectors/connector";
import { OutboundError } from "@/lib/outbound-error";
import { toConnectorError } from "./error";
import { listAll } from "./paging";
import { awsSettingsSchema } from "./schema";

const named = (name: string, more: object = {}) => Object.assign(new Error("m"), { name, ...more });
const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });
const code = (error: unknown) => toConnectorError(error, "eks:ListClusters").gap.code;

describe("error codes", () => {
  it.each([
    [named("AccessDeniedException", status(403)), "denied"],
    [named("UnrecognizedClientException", status(403)), "unauthenticated"],
    [named("ExpiredTokenException", status(400)), "unauthenticated"],
    [named("ThrottlingException", status(400)), "throttled"],
    [named("ResourceNotFoundException", status(400)), "not_found"],
    [named("Unknown", status(401)), "unauthenticated"],
    [named("Unknown", status(302)), "unreachable"],
    [named("Unknown", status(502)), "server_error"],
    [named("UnknownOperationException", status(501)), "unsupported"],
    [named("TimeoutError", { code: "ECONNRESET" }), "unreachable"],
    [named("TimeoutError", { code: "ETIMEDOUT" }), "timeout"],
    [named("AbortError"), "timeout"],
    [named("Error", { code: "ENOTFOUND" }), "unreachable"],
    [named("Error", { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" }), "unreachable"],
    [named("SyntaxError", status(200)), "malformed"],
    [new OutboundError("too_large", "big"), "too_large"],
    [new OutboundError("forbidden_address", "no"), "unreachable"],
    [new Error("fetch", { cause: named("Error", { code: "ECONNREFUSED" }) }), "unreachable"],
    ["a string", "error"],
    [null, "error"],
  ])("%s is %s", (error, expected) => expect(code(error)).toBe(expected));

  it("names the permission of a denial and passes a ConnectorError through", () => {
    const denied = toConnectorError(named("AccessDenied"), "sts:AssumeRole");
    expect(denied.gap.permission).toBe("sts:AssumeRole");
    expect(toConnectorError(denied, "other")).toBe(denied);
  });

  it("bounds what a server may put into a message", () => {
    const error = toConnectorError(named("X".repeat(5000)), "a".repeat(900));
    expect(error.gap.what.length).toBeLessThanOrEqual(400);
    expect(error.gap.message.length).toBeLessThanOrEqual(2000);
  });
});

describe("paging", () => {
  it("ends a list whose tokens never repeat and never end", async () => {
    let page = 0;
    const listing = await listAll("eks:ListClusters", "r", async () => ({
      items: [`c${page}`],
      nextToken: `${page++}`,
    }));
    expect(listing.gap?.code).toBe("truncated");
    expect(page).toBe(500);
  });

  it("rejects with a ConnectorError when the first page fails", async () => {
    const work = listAll("eks:ListClusters", "r", () => Promise.reject(new Error("x")));
    await expect(work).rejects.toBeInstanceOf(ConnectorError);
  });
});

describe("settings", () => {
  const base = { accountId: "111122223333", roleArn: "arn:aws:iam::111122223333:role/r", externalId: "ext" };
  it("fills defaults, the STS region from the partition", () => {
    expect(awsSettingsSchema.parse(base)).toMatchObject({ stsRegion: "us-east-1", regions: [], maxAttempts: 4 });
    const gov = { ...base, partition: "aws-us-gov", roleArn: "arn:aws-us-gov:iam::111122223333:role/r" };
    expect(awsSettingsSchema.parse(gov).stsRegion).toBe("us-gov-west-1");
    expect(awsSettingsSchema.parse(awsSettingsSchema.parse(base))).toEqual(awsSettingsSchema.parse(base));
  });

  it.each([
    { roleArn: "arn:aws:iam::999988887777:role/r" },
    { roleArn: "arn:aws-cn:iam::111122223333:role/r" },
    { roleArn: "arn:aws:iam::111122223333:user/r" },
    { regions: ["cn-north-1"] },
    { regions: ["../x"] },
    { endpoints: { eks: "ftp://x" } },
    { accountId: "1" },
    { caBundle: "not a certificate" },
  ])("refuses %o", (change) => expect(awsSettingsSchema.safeParse({ ...base, ...change }).success).toBe(false));
});
