import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseEnv } from "./env";
import { SETTINGS } from "./settings";

describe("settings", () => {
  test("all have defaults or may be absent, and an empty value counts as not set", () => {
    expect(parseEnv({ PORT: "", DATABASE_URL: "" })).toMatchObject({
      PORT: 3000,
      HOST: "127.0.0.1",
      SEAWALL_ALLOW_PRIVATE_NETWORKS: false,
      SEAWALL_DEMO_DAYS: 30,
    });
  });
  test.each([
    ["PORT", "99999"],
    ["PORT", "0"],
    ["DATABASE_URL", "mysql://x"],
    ["DATABASE_URL", "postgresql://u:p%@[/x"],
    ["SEAWALL_URL", "https://user:password@seawall.example.com"],
    ["SEAWALL_URL", "https://user@seawall.example.com"],
    ["SEAWALL_URL", "https://seawall.example.com/?next=1"],
    ["SEAWALL_URL", "ftp://seawall.example.com"],
    ["SEAWALL_KEY", "short"],
    ["SEAWALL_TIME_ZONE", "Mars/Olympus"],
    ["SEAWALL_ALLOW_PRIVATE_NETWORKS", "maybe"],
    ["SEAWALL_DEMO_DAYS", "abc"],
    ["SEAWALL_DEMO_DAYS", "-1"],
    ["SEAWALL_TEST_DATABASE_URL", "localhost"],
  ] as const)("%s=%s stops with its name and an example", (name, value) => {
    expect(() => parseEnv({ [name]: value })).toThrow(new RegExp(`${name}: .*Example: ${name}=`));
    expect(() => parseEnv({ [name]: value })).toThrow(SETTINGS[name].example.slice(0, 5));
  });
  test("a secret in a wrong setting is not repeated", () => {
    expect(() => parseEnv({ SEAWALL_URL: "https://user:hunter2@seawall.example.com" })).not.toThrow(/hunter2/);
    expect(() => parseEnv({ SEAWALL_KEY: "hunter2" })).not.toThrow(/hunter2/);
  });
  test("names every wrong setting at once", () => {
    expect(() => parseEnv({ PORT: "x", LOG_LEVEL: "loud" })).toThrow(/PORT[\s\S]*LOG_LEVEL/);
  });
  test("the console's address ends without a slash, so that links can be added to it", () => {
    expect(parseEnv({ SEAWALL_URL: "https://seawall.example.com/" }).SEAWALL_URL).toBe("https://seawall.example.com");
  });
  test("the README lists these settings and no others, with what happens without them", () => {
    const section = readFileSync("README.md", "utf8").split("\n## Settings\n")[1]?.split("\n## ")[0] ?? "";
    const rows = section.split("\n").filter((line) => line.startsWith("| `"));
    const wanted = Object.entries(SETTINGS).map(
      ([name, { otherwise, purpose }]) => `| \`${name}\` | ${otherwise} | ${purpose} |`,
    );
    expect(rows).toEqual(wanted);
  });
});
