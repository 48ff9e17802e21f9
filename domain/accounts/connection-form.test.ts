import { describe, expect, it } from "vitest";
import { fieldsOf, parseConnection } from "./connection-form";
import { CONNECTABLE } from "./schema";

const guid = "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1101";

describe("connection form", () => {
  it.each(CONNECTABLE)("asks for the required settings of %s first, and for no secret among the settings", (cloud) => {
    const fields = fieldsOf(cloud);
    expect(fields.some((field) => field.required)).toBe(true);
    expect(fields.map((field) => field.required)).toEqual(
      [...fields.map((field) => field.required)].sort((a, b) => Number(b) - Number(a)),
    );
    expect(fields.map((field) => field.name)).not.toContain("clientSecret");
  });

  it("keeps secrets apart from settings", () => {
    const result = parseConnection(
      "azure",
      new Map([
        ["settings.subscriptionId", guid],
        ["settings.tenantId", guid],
        ["settings.clientId", guid],
        ["secret.clientSecret", " s3cret "],
        ["secret.arcTokens", "depot=abc\n\nyard=def"],
      ]),
    );
    if (!result.ok) throw new Error(JSON.stringify(result.fields));
    expect(result.connection.externalId).toBe(guid);
    expect(result.connection.secrets).toEqual({
      clientSecret: "s3cret",
      "arcToken:depot": "abc",
      "arcToken:yard": "def",
    });
    expect(JSON.stringify(result.connection.settings)).not.toContain("s3cret");
  });

  it("names each field that is wrong", () => {
    const result = parseConnection(
      "aws",
      new Map([
        ["settings.accountId", "12"],
        ["settings.regions", "{not json"],
      ]),
    );
    expect(result.ok).toBe(false);
    if (!result.ok)
      expect(Object.keys(result.fields)).toEqual(
        expect.arrayContaining(["settings.accountId", "settings.roleArn", "settings.regions"]),
      );
  });
});
