import { describe, expect, it } from "vitest";
import { emptyTally } from "../rollup";
import { pdfText } from "../testing/pdf-text";
import { renderReport } from "./render";
import { printable } from "./text";
import type { ReportView } from "./view";

const WIDE = "W".repeat(16); // the longest word that is not broken, of the widest letter
const HOSTILE = `<script>alert(1)</script> ${WIDE} \u202egnp.exe\u0000 日本 ${"x".repeat(300)} (\\) %PDF endobj`;
const tally = { ...emptyTally(), failed: 2, passed: 1, manual: 1 };
const states = { failed: 1, not_evaluated: 0, manual: 1, exempted: 1, passed: 1, not_applicable: 0 };
const many = <T>(amount: number, of: (at: number) => T): T[] => Array.from({ length: amount }, (_each, at) => of(at));
const view = (rows: number): ReportView => ({
  ...{
    title: "A benchmark",
    version: "1",
    publisher: "Somebody",
    about: "What it is for.",
    place: HOSTILE,
    placeKind: "cluster",
  },
  ...{
    at: "21 November 2026 at 20:00",
    by: HOSTILE,
    timeZone: "Asia/Kathmandu",
    counted: "with",
    scoreWithoutExemptions: 20,
    score: 33.3,
    coverage: 0.75,
    tally,
    states,
  },
  ...{
    requirements: rows,
    clusters: 3,
    history: many(90, (at) => ({ day: `2026-08-${at}`, score: at % 7 === 0 ? null : at })),
  },
  sections: many(20, (at) => ({ id: `${at}.1`, title: "A section", requirements: 3, states, tally })),
  worst: many(12, (at) => ({
    ...{
      id: `${at}`,
      title: "Worst",
      severity: "critical",
      failing: 2,
      clusters: 3,
      findings: 9,
      examples: [HOSTILE, `${HOSTILE}2`],
    },
  })),
  first: many(10, (at) => ({
    ...{
      id: `SW-${1000 + at}`,
      title: "First",
      severity: "high",
      effort: "low",
      resources: 3,
      requirements: 2,
      steps: HOSTILE,
    },
  })),
  manual: many(120, (at) => ({ id: `${at}`, title: "By hand", look: "Look there.", clusters: 3 })),
  attested: many(60, (at) => ({
    ...{
      id: `${at}`,
      title: "Said",
      place: HOSTILE,
      state: "met",
      evidence: HOSTILE,
      link: `https://tickets.example/${HOSTILE}`,
      by: HOSTILE,
      until: "2027-01-01",
    },
  })),
  moreAttested: 3,
  exemptions: many(30, (at) => ({
    ...{
      id: `${at}`,
      kind: "waiver" as const,
      targets: [HOSTILE, `${HOSTILE}2`, `${HOSTILE}3`],
      moreTargets: 9,
      findings: 5,
    },
    ...{ reason: HOSTILE, evidence: HOSTILE, by: HOSTILE, approvedBy: HOSTILE, until: "no end" },
  })),
  moreExemptions: 7,
  all: many(rows, (at) => ({
    id: `${at}`,
    title: "One",
    state: "failed" as const,
    decidedBy: "controls" as const,
    tally,
  })),
  sources: many(60, () => ({ name: HOSTILE, account: HOSTILE, distribution: "aks", collectedAt: "never" })),
  moreSources: 12,
});

describe("text on paper", () => {
  it("shows what the font has, and everything else by its code point", () => {
    expect(printable("Zürich, Łódź − 12 “ok”…")).toBe("Zürich, Łódź − 12 “ok”…");
    expect(printable("p\u0430ypal")).toBe("p<U+0430>ypal");
    expect(printable("a\u202eb\u0000c日\u200b")).toBe("a<U+202E>b<U+0000>c<U+65E5><U+200B>");
    expect(printable("x".repeat(500), 10)).toBe(`${"x".repeat(11).slice(0, 10)}…`);
  });
});

describe("the report", () => {
  it("is a PDF of bounded size whose pages are numbered, whatever names it holds", async () => {
    const pdf = await renderReport(view(131));
    expect(Buffer.from(pdf.subarray(0, 5)).toString()).toBe("%PDF-");
    expect(pdf.byteLength).toBeLessThan(1_000_000);
    const pages =
      Buffer.from(pdf)
        .toString("latin1")
        .match(/\/Type \/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(8);
    const text = pdfText(pdf);
    expect(text).toContain(`1 / ${pages}`);
    expect(text).toContain(`${pages} / ${pages}`);
    expect(text).toContain("<U+202E>");
    expect(Buffer.from(pdf).toString("latin1")).not.toContain("Helvetica");
    expect(text).toContain("What to do first");
    expect(text).toContain("and 7 more exemptions");
    expect(text).not.toContain("can no longer be read");
  }, 180_000);

  it("says of what cannot be read that it cannot, instead of a kind or a state", async () => {
    const [exemption, said] = [view(1).exemptions[0], view(1).attested[0]];
    if (exemption === undefined || said === undefined) throw new Error("nothing to show");
    const drawn = await renderReport({
      ...view(1),
      exemptions: [{ ...exemption, id: "01a2", kind: "unreadable", targets: [], moreTargets: 0 }],
      attested: [{ ...said, state: "blessed" }],
    });
    const [, attested = "", exemptions = ""] = pdfText(drawn).split(/What people vouch for|Exemptions in force/);
    expect(attested).toContain("Not readable");
    expect(attested).not.toContain("Met");
    expect(exemptions).toContain("Exemption 01a2: what it is for can no longer be read.");
    expect(exemptions).not.toMatch(/Mitigated|Waiver/);
  }, 180_000);
});
