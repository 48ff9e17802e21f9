import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

const candidates = [process.env.CHROMIUM_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser"];
const executablePath = candidates.find((path) => path !== undefined && existsSync(path));
/** Tests that change who may sign in, and how; and those that change what all see of the demo. Neither meets what the others change. */
const PEOPLE = ["access/**"];
const CHANGING = ["**/accounts.spec.ts", "**/exemptions.spec.ts", "**/two-tabs.spec.ts"];
const root = process.getuid?.() === 0;

/** Runs against a demo that is up: SEAWALL_URL is its address, SEAWALL_SIGN_IN_LINK the link it printed. */
export default defineConfig({
  testDir: "e2e",
  // They end what hangs: a slow machine is no failure.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  workers: 2,
  reporter: "list",
  // What changes the demo goes first, of one kind one after another: what then reads it meets what was made, and stands still.
  projects: [
    { name: "people", testMatch: PEOPLE, workers: 1, outputDir: "test-results/people" },
    { name: "changing", testMatch: CHANGING, workers: 1, outputDir: "test-results/changing" },
    {
      name: "reading",
      testIgnore: [...PEOPLE, ...CHANGING],
      fullyParallel: true,
      // They leave nothing behind, so that they may be asked twice: what passes then is told by name at the end of the tests.
      retries: 1,
      dependencies: ["people", "changing"],
      outputDir: "test-results/reading",
    },
  ],
  globalSetup: "./e2e/sign-in.ts",
  use: {
    baseURL: process.env.SEAWALL_URL ?? "http://127.0.0.1:3000",
    storageState: "test-results/.session.json",
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      args: [...(root ? ["--no-sandbox"] : []), "--disable-dev-shm-usage"],
    },
  },
});
