import { expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { loadControls } from "@/domain/posture/load";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { attest } from "../attestation/mutations";
import type { Place } from "../place";
import { addAccount, addCluster, addExemption, addResource, useOneCluster } from "../testing/estate";
import { readReportView, stepsOf } from "./queries";
import type { ReportView } from "./view";

const [far, other] = [uuidv7(), uuidv7()];
const { web, account } = useOneCluster(async ({ account, web }) => {
  await addAccount(other, "theirs");
  await addCluster(far, other, "far", true);
  await addResource(web, account, "checkout", { "SW-0001": "u", "SW-0377": "u", "SW-0105": "u" });
  await addResource(far, other, "mailer", { "SW-0001": "u" });
});
const owner = mintScope(uuidv7(), "Ada", [{ role: "Owner", accountId: null }]);
const reader = mintScope(uuidv7(), "Bo", [{ role: "Security Reader", accountId: account }]);
const BENCHMARK = "cis-eks-1.8.0";
async function viewOf(place: Place, scope = owner): Promise<ReportView> {
  const view = await readReportView(scope, BENCHMARK, place, "UTC");
  if (view === null) throw new Error("no report");
  return view;
}
const control = (id: string) => {
  const found = loadControls().find((each) => each.id === id);
  if (found === undefined) throw new Error(`no control ${id}`);
  return found;
};

it("says what to do first as the platform of the failing clusters does it", async () => {
  const { first } = await viewOf({ scope: "cluster", id: web });
  for (const id of ["SW-0377", "SW-0105"])
    expect(first.find((step) => step.id === id)?.steps).toBe(stepsOf(control(id), ["eks"]));
  expect(first.find(({ id }) => id === "SW-0377")?.steps).toMatch(/^Set it in the NodeConfig/);
});

it("says of several platforms what to do on each, once where it is the same", () => {
  const some = { ...control("SW-0377"), remediation: { steps: { aks: "Ask `az`.", default: "Edit the file." } } };
  const of = (...on: Parameters<typeof stepsOf>[1]) => stepsOf(some as ReturnType<typeof control>, on);
  expect(of("aks")).toBe("Ask az.");
  expect(of("eks", "gke")).toBe("Edit the file.");
  expect(of("aks", "eks", "gke")).toBe("AKS: Ask az. EKS, GKE: Edit the file.");
});

it("lists the exemptions that hold for something here, and those alone", async () => {
  const until = new Date(Date.now() + 86_400_000);
  const id = await addExemption(web, account, "checkout", { until });
  await addExemption(far, other, "mailer");
  const held = {
    ...{ id, kind: "mitigated", findings: 1, moreTargets: 0, reason: "a gateway is before it", evidence: "SEC-7" },
    targets: [`${control("SW-0001").title} (SW-0001): Deployment checkout, namespace shop, cluster web`],
    ...{ by: "Bo", approvedBy: "Cy", until: until.toISOString().slice(0, 10) },
  };
  const at = { scope: "cluster", id: web } as const;
  expect((await viewOf(at)).exemptions).toEqual([held]);
  expect((await viewOf({ ...at, exemptions: "without" })).exemptions).toEqual([held]);
  const whole = await viewOf({ scope: "fleet" });
  expect([whole.exemptions.length, whole.moreExemptions]).toEqual([2, 0]);
  expect(whole.exemptions.map((each) => each.until)).toContain("no end");
  expect((await viewOf({ scope: "fleet" }, reader)).exemptions).toEqual([held]);
});

it("names an exemption that cannot be read as such, with what it still held for", async () => {
  await addResource(web, account, "ledger", { "SW-0001": "u" });
  const id = await addExemption(web, account, "ledger");
  const at = { scope: "cluster", id: web } as const;
  const named = async () => (await viewOf(at)).exemptions.find((each) => each.id === id);
  expect(await named()).toMatchObject({ kind: "mitigated", findings: 1 });
  await pool().query(`UPDATE "Exemption" SET targets = '[{"planet": "Mars"}]' WHERE id = $1`, [id]);
  const unread = { id, kind: "unreadable", targets: [], moreTargets: 0, findings: 1, by: "Bo", approvedBy: "Cy" };
  expect(await named()).toMatchObject(unread);
  await pool().query(`DELETE FROM "Exemption" WHERE id = $1`, [id]);
  await pool().query(`UPDATE "Finding" SET exemption = NULL, "exemptionId" = NULL WHERE "exemptionId" = $1`, [id]);
});

it("names thirty of them, and how many more there are", async () => {
  for (let at = 0; at < 41; at++) {
    await addResource(web, account, `more${at}`, { "SW-0001": "u" });
    await addExemption(web, account, `more${at}`);
  }
  const { exemptions, moreExemptions } = await viewOf({ scope: "cluster", id: web });
  expect([exemptions.length, moreExemptions]).toEqual([30, 12]);
});

it("lists what is attested for this place with its ticket, not what another's people say", async () => {
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const about = { benchmark: BENCHMARK, requirement: "4.5.1", state: "met", evidence: "Looked at it.", until } as const;
  const link = "https://tickets.example/SEC-12";
  const fleet = { scope: "fleet" } as const;
  await attest(owner, { ...about, place: fleet, link: null });
  await attest(owner, { ...about, place: { scope: "cluster", id: web }, link });
  await attest(owner, { ...about, place: { scope: "account", id: other }, link });
  const said = async (place: Place) => (await viewOf(place)).attested.map((each) => [each.place, each.link]);
  expect(await said({ scope: "cluster", id: web })).toEqual([
    ["Everything", ""],
    ["web", link],
  ]);
  expect(await said({ scope: "account", id: account })).toEqual([
    ["Everything", ""],
    ["web", link],
  ]);
  expect(await said({ scope: "cluster", id: far })).toEqual([
    ["Everything", ""],
    ["theirs", link],
  ]);
  await pool().query(`UPDATE "Attestation" SET until = now() - interval '1 second'`);
  expect(await said(fleet)).toEqual([]);
});
