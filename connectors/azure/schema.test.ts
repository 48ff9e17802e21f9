import { describe, expect, it } from "vitest";
import { aksSettings } from "@/connectors/aks/schema";
import { arcSettings } from "@/connectors/arc/schema";

describe("settings", () => {
  const ids = {
    subscriptionId: "3F1D0C52-8A64-4A0E-9A57-0B7C9A5F1101",
    tenantId: "7c1a5c1e-52d4-4f0a-9d55-6f0e2a1b9c30",
    clientId: "c0000000-0000-4000-8000-000000000001",
  };
  it("need three ids; the rest is the public cloud", () => {
    expect(aksSettings.parse(ids)).toMatchObject({
      subscriptionId: ids.subscriptionId.toLowerCase(),
      credential: "secret",
      authorityHost: "https://login.microsoftonline.com",
      armEndpoint: "https://management.azure.com",
      armAudience: "https://management.azure.com",
      maxAttempts: 4,
    });
    expect(arcSettings.parse(ids).arc).toEqual([]);
  });
  it.each([
    { subscriptionId: "../../x" },
    { tenantId: "common" },
    { authorityHost: "http://login.microsoftonline.com" },
    { armEndpoint: "https://user:pass@management.azure.com" },
    { armEndpoint: "https://management.azure.com/?x=1" },
    { caBundle: "/etc/ssl/ca.pem" },
    { maxAttempts: 99 },
    { requestTimeoutMs: 0 },
    { apiVersions: { aks: "latest&x=1" } },
    { credential: "file" },
  ])("refuse %j", (change) => {
    expect(aksSettings.safeParse({ ...ids, ...change }).success).toBe(false);
  });
});
