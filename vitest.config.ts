import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const root = fileURLToPath(new URL(".", import.meta.url)).replace(/\/$/, "");

/** What takes minutes begins first, so that the workers end together: without times of an earlier run the largest file would. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const long = ({ moduleId }: TestSpecification): boolean => /(kill|faults)\.test\.ts$/.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(long), ...sorted.filter((file) => !long(file))];
  }
}

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
    sequence: { sequencer: LongFirst },
  },
});
