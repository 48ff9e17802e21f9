import type { ExportTable } from "@/lib/http/export";
import type { AuditRow } from "./row";

const column = (name: keyof AuditRow) => ({ name, of: (row: AuditRow) => row[name] });

/** The auditor's file. Columns keep their order; new ones come at the end. */
export const auditTable: ExportTable<AuditRow> = {
  name: "compliance",
  version: 1,
  columns: (
    [
      ...[
        "benchmark",
        "version",
        "section",
        "requirement",
        "title",
        "state",
        "control",
        "severity",
        "account",
        "cluster",
      ],
      ...["namespace", "kind", "resource", "outcome", "evidence", "remediation", "owner", "exemption"],
      ...[
        "firstSeen",
        "lastSeen",
        "collectedAt",
        "record",
        "provider",
        "accountId",
        "distribution",
        "clusterId",
        "exemptions",
        "level",
      ],
      ...["attested", "attestedBy", "attestedUntil", "attestedLink"],
      ...[
        "exemptionId",
        "exemptionReason",
        "exemptionEvidence",
        "exemptionRequestedBy",
        "exemptionApprovedBy",
        "exemptionUntil",
      ],
    ] as (keyof AuditRow)[]
  ).map(column),
};
