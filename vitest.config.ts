import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "");

export default defineConfig({
  resolve: { alias: { "@": root, "server-only": `${root}/lib/testing/empty.ts` } },
  test: {
    include: ["{lib,cel,domain,connectors,simulator,worker,cli,scripts,app,components}/**/*.test.{ts,tsx}"],
    env: { TZ: "Asia/Kathmandu", NODE_ENV: "test" },
    globalSetup: ["lib/testing/global-setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
