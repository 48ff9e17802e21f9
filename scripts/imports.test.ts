import { describe, expect, it } from "vitest";
import { databaseFault, importFaults, structureFaults } from "./imports";

describe("who reaches the database", () => {
  const SENDS = [
    'await pool().query("SELECT 1");',
    "tx.query<{ id: string }>(`SELECT`)",
    "pool\n  .query(`UPDATE`)",
    "prisma().user.findMany()",
  ];
  it.each(["worker/scan/commit.ts", "app/healthz/route.ts", "domain/posture/point-store.ts", "proxy-store.ts"])(
    "not %s",
    (file) => {
      for (const text of SENDS) expect(databaseFault(file, text)).toContain(file);
      expect(databaseFault(file, "rows.filter(prismatic)")).toBeNull();
    },
  );
  it.each([
    "domain/posture/store.ts",
    "domain/access/queries.ts",
    "domain/views/mutations.ts",
    "lib/events.ts",
    "worker/scan/identity.test.ts",
    "worker/testing/fleet.ts",
  ])("%s may", (file) => {
    for (const text of SENDS) expect(databaseFault(file, text)).toBeNull();
  });
  it("in a room, not even a transaction is opened elsewhere; a worker's handler and an action compose stores in one", () => {
    const text = 'import { inTransaction } from "@/lib/db";';
    expect(databaseFault("domain/posture/score.ts", text)).not.toBeNull();
    expect(databaseFault("domain/posture/exemption/actions.ts", text)).toBeNull();
    expect(databaseFault("worker/handlers/tick.ts", text)).toBeNull();
  });
});

describe("who imports whom", () => {
  it.each([
    ["domain/posture/score.ts", "@/domain/benchmark/place"],
    ["domain/posture/score.ts", "../benchmark/place"],
    ["domain/posture/score.ts", "@/components/bar"],
    ["domain/accounts/grant.ts", "@/connectors/connector"],
    ["domain/images/queries.ts", "@/domain/posture/store"],
    ["app/page.tsx", "@/connectors/aks/client"],
    ["components/bar.tsx", "@/domain/access/scope"],
    ["simulator/main.ts", "@/lib/id"],
    ["domain/access/session.ts", "@/prisma/generated/client"],
  ])("%s not %s", (file, named) => {
    expect(importFaults(file, `import { x } from "${named}";`)).toHaveLength(1);
    expect(importFaults(file, `const x = await import("${named}");`)).toHaveLength(1);
  });
  it.each([
    ["domain/posture/score.ts", "@/domain/inventory/schema"],
    ["domain/posture/finding/components/list.tsx", "@/components/bar"],
    ["domain/accounts/grant.ts", "@/connectors/aks/permissions"],
    ["domain/images/queries.ts", "@/domain/posture/schema"],
    ["worker/scan/commit.ts", "@/domain/posture/store"],
    ["domain/posture/score.test.ts", "@/domain/benchmark/place"],
    ["domain/posture/score.ts", "zod"],
  ])("%s may %s", (file, named) => expect(importFaults(file, `import { x } from "${named}";`)).toEqual([]));
  it("a room without a row is none", () => expect(importFaults("domain/billing/queries.ts", "")).toHaveLength(1));
});

it("the whole tree keeps to it", () => expect(structureFaults()).toEqual([]));
