import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "");

export default defineConfig({
  resolve: { alias: { "@": root, "server-only": `${root}/lib/testing/empty.ts` } },
  test: {
    include: ["{lib,cel,domain,connectors,simulator,worker,cli,scripts,app,components}/**/*.test.{ts,tsx}"],
    env: { TZ: "Asia/Kathmandu", NODE_ENV: "test" },
    globalSetup: ["lib/testing/global-setup.ts"],
    // They end what hangs. A slow machine is no failure, and speeds belong in the bench.
    testTimeout: 240_000,
    hookTimeout: 300_000,
    maxWorkers: 2,
  },
});
