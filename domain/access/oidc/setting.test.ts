import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parseEnv, SettingError } from "@/lib/env";
import { SETTINGS } from "@/lib/settings";
import { readOidcSetting } from "./setting";

const folder = mkdtempSync(path.join(tmpdir(), "seawall-oidc-setting-"));
const secret = path.join(folder, "secret");
const empty = path.join(folder, "empty");
writeFileSync(secret, "hunter2\n");
writeFileSync(empty, "\n");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SIGN_ON = {
  SEAWALL_OIDC_ISSUER: "https://login.example.com",
  SEAWALL_OIDC_CLIENT_ID: "seawall",
  SEAWALL_OIDC_CLIENT_SECRET_FILE: secret,
};
const ROLES = { SEAWALL_OIDC_ROLE_CLAIM: "groups", SEAWALL_OIDC_ROLES: "staff=Security Reader" };
const read = (given: Record<string, string>) => readOidcSetting(parseEnv(given));

describe("single sign-on", () => {
  it("is off when nothing is set, and read when all of it is", () => {
    expect(read({})).toBeNull();
    expect(read(SIGN_ON)).toMatchObject({ clientId: "seawall", clientSecret: "hunter2", role: null });
    expect(read({ ...SIGN_ON, ...ROLES })?.role).toEqual({
      claim: "groups",
      of: new Map([["staff", "Security Reader"]]),
    });
  });

  it.each([
    ["SEAWALL_OIDC_CLIENT_ID", "SEAWALL_OIDC_ISSUER needs it", { SEAWALL_OIDC_CLIENT_ID: "" }],
    ["SEAWALL_OIDC_CLIENT_SECRET_FILE", "SEAWALL_OIDC_ISSUER needs it", { SEAWALL_OIDC_CLIENT_SECRET_FILE: "" }],
    ["SEAWALL_OIDC_ISSUER", "SEAWALL_OIDC_CLIENT_ID needs it", { SEAWALL_OIDC_ISSUER: "" }],
    ["SEAWALL_OIDC_ROLES", "SEAWALL_OIDC_ROLE_CLAIM needs it", { SEAWALL_OIDC_ROLES: "" }],
    ["SEAWALL_OIDC_ROLE_CLAIM", "SEAWALL_OIDC_ROLES needs it", { SEAWALL_OIDC_ROLE_CLAIM: "" }],
    ["SEAWALL_OIDC_ROLES", '"staff=Boss" is no value=role', { SEAWALL_OIDC_ROLES: "staff=Boss" }],
    [
      "SEAWALL_OIDC_CLIENT_SECRET_FILE",
      "cannot be read: .*ENOENT",
      { SEAWALL_OIDC_CLIENT_SECRET_FILE: `${secret}.none` },
    ],
    ["SEAWALL_OIDC_CLIENT_SECRET_FILE", "cannot be read: .*EISDIR", { SEAWALL_OIDC_CLIENT_SECRET_FILE: folder }],
    ["SEAWALL_OIDC_CLIENT_SECRET_FILE", "is empty", { SEAWALL_OIDC_CLIENT_SECRET_FILE: empty }],
  ] as const)("stops with %s, the reason (%s) and an example", (name, reason, change) => {
    const wrong = () => read({ ...SIGN_ON, ...ROLES, ...change });
    expect(wrong).toThrow(SettingError);
    expect(wrong).toThrow(new RegExp(`^${name}: .*${reason}.*\\. Example: ${name}=`));
    expect(wrong).toThrow(SETTINGS[name].example);
    expect(wrong).not.toThrow(/hunter2/);
  });
});
