import { parentPort, workerData } from "node:worker_threads";
import { renderToBuffer } from "@react-pdf/renderer";
import { reportDocument } from "../components/report-document";
import type { ReportView } from "./view";

/** The same with rows of one or two lines, which it says: tall rows at the foot of a page can make the renderer compute with endless numbers. */
const plainer = (view: ReportView): ReportView => ({
  ...view,
  shortened: true,
  worst: view.worst.map((row) => ({ ...row, examples: [] })),
  first: view.first.map((row) => ({ ...row, steps: row.steps.slice(0, 100) })),
  manual: view.manual.map((row) => ({ ...row, look: row.look.slice(0, 60) })),
  attested: view.attested.map((row) => ({
    ...row,
    ...{ evidence: row.evidence.slice(0, 40), link: row.link.slice(0, 40), by: row.by.slice(0, 20) },
  })),
  exemptions: view.exemptions.map((row) => ({
    ...row,
    ...{ targets: row.targets.slice(0, 1).map((words) => words.slice(0, 60)), reason: row.reason.slice(0, 40) },
    ...{ evidence: "", by: row.by.slice(0, 20), approvedBy: row.approvedBy.slice(0, 20) },
  })),
});

const draw = (view: ReportView): Promise<Buffer> => renderToBuffer(reportDocument(view));
const view = workerData as ReportView;

// A thread of its own: drawing pages would keep the process from answering, and needs React without its server condition.
draw(view)
  .catch(() => draw(plainer(view)))
  .then(
    (pdf) => parentPort?.postMessage({ pdf: new Uint8Array(pdf) }),
    (error: unknown) => parentPort?.postMessage({ problem: error instanceof Error ? error.message : String(error) }),
  );
