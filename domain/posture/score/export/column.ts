import type { ExportTable } from "@/lib/http/export";
import { LEDGER_STEPS } from "../../ledger";
import type { ScoreItem } from "../schema";

/** The score's history as a file: a column for each reason of the ledger, which sum to the change. */
export const scoreTable: ExportTable<ScoreItem> = {
  name: "score-history",
  version: 1,
  columns: [
    { name: "at", of: (item) => item.at },
    { name: "scope", of: (item) => item.scope },
    { name: "subject", of: (item) => item.subject?.name ?? null },
    { name: "score", of: (item) => item.score },
    { name: "change", of: (item) => item.change },
    ...LEDGER_STEPS.map((step) => ({
      name: `change:${step}`,
      of: (item: ScoreItem) => item.ledger.find((entry) => entry.step === step)?.delta ?? 0,
    })),
    { name: "coverage", of: (item) => item.coverage },
    { name: "evaluated", of: (item) => item.evaluated },
    { name: "expected", of: (item) => item.expected },
    { name: "scanId", of: (item) => item.scanId },
    { name: "pointId", of: (item) => item.id },
    { name: "movedByAccount", of: (item) => item.movedBy?.account.name ?? null },
    { name: "movedByCluster", of: (item) => item.movedBy?.cluster?.name ?? null },
    { name: "coverageChange", of: (item) => item.coverageChange },
    { name: "scoreWithoutExemptions", of: (item) => item.scoreWithoutExemptions },
    { name: "changeWithoutExemptions", of: (item) => item.changeWithoutExemptions },
    { name: "first", of: (item) => item.first },
  ],
};
