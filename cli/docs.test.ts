import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { parseCommand } from "./usage";

const docs = path.resolve(import.meta.dirname, "../docs");
const ci = readdirSync(path.join(docs, "ci"));

/** The arguments of every call of the command in a text, up to a pipe or a redirection. */
const calls = (text: string): string[][] =>
  [...text.matchAll(/seawall\.mjs +([^|>\n`]+)/g)].map((match) =>
    (match[1] ?? "").replaceAll("$SEAWALL_FAIL_ON", "high").trim().split(/\s+/),
  );

it.each(ci)("docs/ci/%s is YAML, and calls the command as it is", (name) => {
  const text = readFileSync(path.join(docs, "ci", name), "utf8");
  expect(parse(text)).toBeTypeOf("object");
  expect(calls(text).length).toBeGreaterThan(0);
  for (const args of calls(text)) expect(parseCommand(args).command).toBe("check");
});

it("docs/cli.md calls the command as it is", () => {
  const text = readFileSync(path.join(docs, "cli.md"), "utf8");
  expect(calls(text).length).toBeGreaterThan(0);
  for (const args of calls(text)) expect(() => parseCommand(args)).not.toThrow();
});
