import { describe, expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { exportCompliance } from "./export/queries";
import type { AuditRow } from "./export/row";
import { complianceHistory } from "./history/queries";
import { recordCompliance } from "./history/store";
import type { Place } from "./place";
import { readBenchmark } from "./report/queries";
import { readRequirement } from "./requirement/queries";
import { addResource, useOneCluster } from "./testing/estate";

const { web } = useOneCluster(async ({ account, web }) => {
  await addResource(web, account, "checkout", { "SW-0001": "u", "SW-0493": "h", "SW-0018": "n" });
  await addResource(web, account, "ledger", { "SW-0001": "h", "SW-0493": "h", "SW-0018": "n" });
});
const owner = mintScope("u", "Ada", [{ role: "Owner", accountId: null }]);

const at = (id: string): Place => ({ scope: "cluster", id });
const stateOf = async (requirement: string, place: Place): Promise<string | undefined> =>
  (await readRequirement(owner, "cis-eks-1.8.0", requirement, place))?.state;

describe("exemptions", () => {
  const bare = (place: Place): Place => ({ ...place, exemptions: "without" });
  /** As the exemption's own transaction leaves findings and roll-ups behind. */
  async function exempt(type: "mitigated" | "waiver"): Promise<void> {
    const [healthy, none] = type === "mitigated" ? [2, 0] : [1, 1];
    await pool().query(
      `UPDATE "Finding" SET exemption = $1, "exemptionId" = $2 WHERE "clusterId" = $3 AND "controlId" = 'SW-0001'`,
      [type, uuidv7(), web],
    );
    await pool().query(
      `UPDATE "ControlRollup" SET healthy = $1, "liftHealthy" = $1::int - 1, unhealthy = 0, "notApplicable" = $2, "liftNotApplicable" = $2
       WHERE "clusterId" = $3 AND "controlId" = 'SW-0001'`,
      [healthy, none, web],
    );
  }

  it.each(["mitigated", "waiver"] as const)("make no requirement pass plainly (%s)", async (type) => {
    await exempt(type);
    expect(await stateOf("4.2.1", at(web))).toBe("exempted");
    expect(await stateOf("4.2.1", bare(at(web)))).toBe("failed");
    expect(await stateOf("4.2.2", bare(at(web)))).toBe("passed");
    const controls = async (place: Place) =>
      (await readRequirement(owner, "cis-eks-1.8.0", "4.2.1", place))?.controls.find(({ id }) => id === "SW-0001");
    expect(await controls(at(web))).toMatchObject({ healthy: 1, unhealthy: 0, notApplicable: 0, exempted: 1 });
    expect(await controls(bare(at(web)))).toMatchObject({ healthy: 1, unhealthy: 1, notApplicable: 0, exempted: 1 });
  });

  it("are told with the score beside them, day by day and in the file", async () => {
    await exempt("mitigated");
    const [with_, without] = [
      await readBenchmark(owner, "cis-eks-1.8.0", at(web)),
      await readBenchmark(owner, "cis-eks-1.8.0", bare(at(web))),
    ];
    expect(with_?.tally.exempted).toBeGreaterThan(0);
    expect(without?.tally.exempted).toBe(0);
    expect(without?.score).toBeLessThan(with_?.score ?? 0);
    expect(with_?.scoreWithoutExemptions).toBe(without?.score);
    await recordCompliance(pool(), new Date(), "UTC");
    const days = (await complianceHistory(owner, at(web), 30, "cis-eks-1.8.0")).get("cis-eks-1.8.0") ?? [];
    expect(days.at(-1)).toMatchObject({ score: with_?.score, tally: { exempted: with_?.tally.exempted } });
    for (const place of [at(web), bare(at(web))]) {
      const rows = await exportCompliance(owner, "cis-eks-1.8.0", place);
      if (rows === null) throw new Error("no benchmark");
      const lines: AuditRow[] = [];
      for await (const batch of rows.batches) lines.push(...batch);
      const said = lines.find(({ requirement, record }) => requirement === "4.2.1" && record === "requirement");
      const expected = place.exemptions === "without" ? ["failed", "without"] : ["exempted", "with"];
      expect([said?.state, said?.exemptions]).toEqual(expected);
    }
  });
});
