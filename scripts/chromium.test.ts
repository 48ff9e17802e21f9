import { expect, test } from "vitest";
import { type ChromiumSources, findChromium } from "./chromium";

/** A machine where the files of `there` start; what an installer puts there is added. */
function machine(there: string[], more: Partial<ChromiumSources> = {}): { from: ChromiumSources; said: string[] } {
  const said: string[] = [];
  const from: ChromiumSources = {
    named: undefined,
    system: ["/usr/bin/chromium", "/usr/bin/google-chrome"],
    downloaded: "/home/me/.cache/ms-playwright/chromium",
    runs: (file) => there.includes(file),
    installDebian: undefined,
    installPlaywright: () => {},
    say: (line) => said.push(line),
    ...more,
  };
  return { from, said };
}

test("the one named, else the system's, else Playwright's own download; nothing is installed then", () => {
  const all = ["/mine", "/usr/bin/google-chrome", "/home/me/.cache/ms-playwright/chromium"];
  expect(findChromium(machine(all, { named: "/mine" }).from)).toBe("/mine");
  expect(findChromium(machine(all).from)).toBe("/usr/bin/google-chrome");
  const { from, said } = machine(["/home/me/.cache/ms-playwright/chromium"]);
  expect(findChromium(from)).toBe("/home/me/.cache/ms-playwright/chromium");
  expect(said).toEqual([]);
});

test("a named one that does not start is no reason to take another silently", () => {
  expect(() => findChromium(machine(["/usr/bin/chromium"], { named: "/gone" }).from)).toThrow(/CHROMIUM_PATH: \/gone/);
});

test("without one: Debian's where it may be installed, else Playwright's, else the commands to run", () => {
  const there: string[] = [];
  const put = (file: string) => () => void there.push(file);
  expect(findChromium(machine(there, { installDebian: put("/usr/bin/chromium") }).from)).toBe("/usr/bin/chromium");
  there.length = 0;
  const { from, said } = machine(there, {
    installDebian: () => {},
    installPlaywright: put("/home/me/.cache/ms-playwright/chromium"),
  });
  expect(findChromium(from)).toBe("/home/me/.cache/ms-playwright/chromium");
  expect(said).toHaveLength(2);
  expect(() => findChromium(machine([]).from)).toThrow(/sudo apt-get install chromium[\s\S]*npx playwright install/);
});
