import { expect, it, vi } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { useOneCluster } from "../testing/estate";
import { withdrawAttestation } from "./actions";
import { attest } from "./mutations";

const owner = mintScope(null, "Ada", [{ role: "Owner", accountId: null }]);
vi.mock("next/cache", () => ({ revalidatePath: () => undefined }));
vi.mock("@/domain/access/session", () => ({ requireScope: async () => owner }));
const ids = useOneCluster();

it("names a withdrawn attestation in the audit log as it is stored, however its id was written", async () => {
  const id = await attest(owner, {
    ...{ benchmark: "cis-eks-1.8.0", requirement: "4.5.1", place: { scope: "cluster", id: ids.web }, state: "met" },
    ...{ evidence: "Looked at the list.", link: null, until: new Date(Date.now() + 86_400_000).toISOString() },
  });
  expect(await withdrawAttestation(id.toUpperCase())).toEqual({});
  const { rows } = await pool().query(
    `SELECT detail->>'id' AS id FROM "AuditEntry" WHERE action = 'compliance.attestation-withdrawn'`,
  );
  expect(rows).toEqual([{ id }]);
});
