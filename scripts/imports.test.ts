import { describe, expect, it } from "vitest";
import { databaseFault, structureFaults } from "./imports";

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

it("the whole tree keeps to it", () => expect(structureFaults()).toEqual([]));
