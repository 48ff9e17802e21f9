import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { SinceYesterday } from "@/domain/posture/components/since-yesterday";
import { requestExemption, withdrawExemption } from "@/domain/posture/exemption/mutations";
import { setExemptionRule } from "@/domain/posture/exemption/rule/mutations";
import { exemptionRequest } from "@/domain/posture/exemption/schema";
import { happenings } from "@/domain/posture/since/queries";
import { closeDatabase } from "@/lib/db";
import { clock, db, estate, PRIVILEGED, reset, scan, startDatabase, stopDatabase } from "../testing/scan-fixture";

const ada = mintScope(null, "Ada", [{ role: "Owner", accountId: null }]);
const bo = mintScope(null, "Bo", [{ role: "Owner", accountId: null }]);
const HOUR = 3_600_000;

beforeAll(async () => {
  await startDatabase();
  process.env.DATABASE_URL = db.url;
  await reset();
}, 300_000);
afterAll(async () => {
  await closeDatabase();
  await stopDatabase();
});

test("what moved since yesterday says who let which exemption begin and end, with the way to it, and never that a scan did", async () => {
  await scan(estate());
  await setExemptionRule(ada, { approval: false, longestDays: null });
  const [from, begun, over] = [clock + 1, clock + HOUR, clock + 2 * HOUR].map((at) => new Date(at));
  const asked = exemptionRequest.parse({
    ...{ type: "waiver", targets: [{ control: PRIVILEGED.id }], reason: "Legacy <shop> until May", expiresAt: null },
  });
  const { id, findings } = await requestExemption(ada, asked, begun);
  expect(findings).toBe(1);
  const told = async () => (await happenings(ada, from ?? new Date(), 50)).filter(({ what }) => what === "exemptions");
  expect(await told()).toMatchObject([
    { mover: null, resources: 1, exemption: { id, by: "Ada", over: false, active: true } },
  ]);
  await withdrawExemption(bo, id, over);
  const rows = await told();
  expect(rows.map(({ exemption }) => [exemption?.by, exemption?.over, exemption?.active]).sort()).toEqual([
    ["Ada", false, false],
    ["Bo", true, false],
  ]);
  const html = renderToStaticMarkup(
    <SinceYesterday rows={rows} last={null} within={{}} now={new Date(clock)} timeZone="UTC" />,
  );
  const words = html.replaceAll(/<[^>]+>/g, "");
  expect(words).toContain("Set by Ada: Legacy &lt;shop&gt; until May");
  expect(words).toContain("Ended by Bo: Legacy &lt;shop&gt; until May");
  expect(html).toContain(`href="/exemptions?state=ended#${id}"`);
  expect(words).not.toContain("by a scan");
});
