import { describe, expect, test } from "vitest";
import { parseEnv, SETTINGS } from "./env";

describe("settings", () => {
  test("all have defaults or may be absent, and an empty value counts as not set", () => {
    expect(parseEnv({ PORT: "", DATABASE_URL: "" })).toMatchObject({
      PORT: 3000,
      HOST: "127.0.0.1",
      SEAWALL_ALLOW_PRIVATE_NETWORKS: false,
    });
  });
  test.each([
    ["PORT", "99999"],
    ["DATABASE_URL", "mysql://x"],
    ["SEAWALL_KEY", "short"],
    ["SEAWALL_TIME_ZONE", "Mars/Olympus"],
    ["SEAWALL_ALLOW_PRIVATE_NETWORKS", "maybe"],
  ] as const)("%s=%s stops with its name and an example", (name, value) => {
    expect(() => parseEnv({ [name]: value })).toThrow(new RegExp(`${name}: .*Example: ${name}=`));
    expect(() => parseEnv({ [name]: value })).toThrow(SETTINGS[name].example.slice(0, 5));
  });
  test("names every wrong setting at once", () => {
    expect(() => parseEnv({ PORT: "x", LOG_LEVEL: "loud" })).toThrow(/PORT[\s\S]*LOG_LEVEL/);
  });
});
