import { beforeAll, describe, expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { findingPage } from "@/domain/posture/finding/page/queries";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { readReportView } from "../pdf/queries";
import type { Place } from "../place";
import { addResource, useOneCluster } from "../testing/estate";
import { failingQuery, findingsHref } from "./failing";
import { readRequirement } from "./queries";

const { web } = useOneCluster(async ({ account, web }) => {
  for (const name of ["cart", "checkout"]) await addResource(web, account, name, { "SW-0001": "u" });
});
const owner = mintScope("u", "Ada", [{ role: "Owner", accountId: null }]);
const BENCHMARK = "cis-eks-1.8.0";
const REQUIREMENT = "4.2.1";
const places: Place[] = [{ scope: "fleet" }, { scope: "cluster", id: web }];

describe.each(places)("what fails a requirement where one of two is exempted ($scope)", (place) => {
  const bare: Place = { ...place, exemptions: "without" };
  beforeAll(async () => {
    await pool().query(
      `UPDATE "Finding" SET exemption = 'mitigated', "exemptionId" = $2 WHERE "clusterId" = $1 AND name = 'checkout'`,
      [web, uuidv7()],
    );
    await pool().query(
      `UPDATE "ControlRollup" SET healthy = 1, "liftHealthy" = 1, unhealthy = 1 WHERE "clusterId" = $1 AND "controlId" = 'SW-0001'`,
      [web],
    );
  });

  it("is listed as it is counted", async () => {
    for (const [at, names] of [
      [place, ["cart"]],
      [bare, ["cart", "checkout"]],
    ] as const) {
      const detail = await readRequirement(owner, BENCHMARK, REQUIREMENT, at);
      const controls = detail?.controls ?? [];
      const { items } = await findingPage(
        owner,
        failingQuery(
          at,
          ["eks"],
          controls.map(({ id }) => id),
        ),
      );
      expect(items.map(({ name }) => name).sort()).toEqual(names);
      expect(controls.reduce((sum, { unhealthy }) => sum + unhealthy, 0)).toBe(names.length);
    }
  });

  it("is named so in the printed report", async () => {
    const row = async (at: Place) => {
      const view = await readReportView(owner, BENCHMARK, at, "UTC");
      const worst = view?.worst.find(({ id }) => id === REQUIREMENT);
      return worst && { findings: worst.findings, examples: [...worst.examples].sort() };
    };
    const [cart, checkout] = ["Deployment shop/cart in web", "Deployment shop/checkout in web"];
    expect(await row(place)).toEqual({ findings: 1, examples: [cart] });
    expect(await row(bare)).toEqual({ findings: 2, examples: [cart, checkout] });
  });
});

it("has an address of its own", () => {
  const query = failingQuery({ scope: "cluster", id: web }, ["eks"], ["SW-0001", "SW-0002"]);
  expect(findingsHref(query)).toBe(
    `/findings?cluster=${web}&control=SW-0001%2CSW-0002&distribution=eks&exempted=false`,
  );
});
