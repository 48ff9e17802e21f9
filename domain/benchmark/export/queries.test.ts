import { expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { columnNames } from "@/lib/http/export";
import { uuidv7 } from "@/lib/id";
import { attest } from "../attestation/mutations";
import { addExemption, addResource, useOneCluster } from "../testing/estate";
import { auditTable } from "./column";
import { exportCompliance } from "./queries";
import type { AuditRow } from "./row";

const BENCHMARK = "cis-eks-1.8.0";
const LINK = "https://tickets.example/SEC-12";
const { web, account } = useOneCluster(async ({ account, web }) => {
  await addResource(web, account, "checkout", { "SW-0001": "u" });
  await addResource(web, account, "ledger", { "SW-0001": "u" });
});
const owner = mintScope(uuidv7(), "Ada", [{ role: "Owner", accountId: null }]);

async function linesOf(requirement: string): Promise<AuditRow[]> {
  const rows = await exportCompliance(owner, BENCHMARK, { scope: "cluster", id: web });
  if (rows === null) throw new Error("no benchmark");
  const lines: AuditRow[] = [];
  for await (const batch of rows.batches) lines.push(...batch);
  return lines.filter((line) => line.requirement === requirement);
}

it("says what was attested, by whom, until when and with which ticket; nothing of it once it has ended", async () => {
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const evidence = "Looked at the namespaces.";
  const place = { scope: "account", id: account } as const;
  const said = {
    benchmark: BENCHMARK,
    requirement: "4.5.1",
    place,
    state: "not_met",
    evidence,
    link: LINK,
    until,
  } as const;
  await attest(owner, said);
  expect(await linesOf("4.5.1")).toMatchObject([
    { state: "failed", attested: "not_met", attestedBy: "Ada", attestedUntil: until, attestedLink: LINK },
  ]);
  await pool().query(`UPDATE "Attestation" SET until = now() - interval '1 second'`);
  const [over] = await linesOf("4.5.1");
  expect([over?.state, over?.outcome, over?.attested, over?.attestedLink]).toEqual(["manual", "manual", "", ""]);
  expect(over?.evidence).not.toContain(evidence);
});

it("names of an exempted finding the exemption, why it is, who asked, who approved and until when", async () => {
  const until = new Date(Date.now() + 86_400_000);
  const id = await addExemption(web, account, "checkout", { until });
  const lines = (await linesOf("4.2.1")).filter(({ record }) => record === "assessment");
  expect(lines).toMatchObject([
    {
      ...{ resource: "checkout", exemption: "mitigated", exemptionId: id, exemptionReason: "a gateway is before it" },
      ...{ exemptionEvidence: "SEC-7", exemptionRequestedBy: "Bo", exemptionApprovedBy: "Cy" },
      exemptionUntil: until.toISOString(),
    },
    { resource: "ledger", exemption: "", exemptionId: "", exemptionReason: "", exemptionUntil: "" },
  ]);
});

it("has its columns where they were, and every field of a line in one", async () => {
  const names = columnNames(auditTable);
  expect(names.slice(0, 3)).toEqual(["benchmark", "version", "section"]);
  expect([names.indexOf("level"), names.indexOf("attested"), names.at(-1)]).toEqual([27, 28, "schemaVersion"]);
  const [line] = await linesOf("4.2.1");
  expect(names.slice(0, -1).sort()).toEqual(Object.keys(line ?? {}).sort());
});
