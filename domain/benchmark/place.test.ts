import { expect, it } from "vitest";
import { fileName } from "./place";

const NOW = new Date("2026-11-22T23:00:00Z");
const id = "01890000-0000-7000-8000-000000000001";

it("names a file after its benchmark, its place and its day, in letters that every system takes", () => {
  expect(fileName("mcsb", { place: { scope: "fleet" }, name: "Everything" }, "pdf", NOW)).toBe(
    "seawall-mcsb-2026-11-22.pdf",
  );
  const account = { scope: "account", id, exemptions: "without" } as const;
  expect(fileName("mcsb", { place: account, name: 'Payments "prod"/../\r\nÜ' }, "csv", NOW)).toBe(
    "seawall-mcsb-account-payments-prod-2026-11-22-without-exemptions.csv",
  );
  expect(fileName("mcsb", { place: { scope: "cluster", id }, name: "生产" }, "csv", NOW)).toBe(
    `seawall-mcsb-cluster-${id}-2026-11-22.csv`,
  );
});
