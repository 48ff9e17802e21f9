import { Document, Page, Text, View } from "@react-pdf/renderer";
import type { ReactNode } from "react";
import { scoreOr } from "@/lib/score-text";
import { printable } from "../pdf/text";
import type { ReportView } from "../pdf/view";
import { REQUIREMENT_STATES } from "../schema";
import { AllRequirements, FirstSteps, ManualItems, Method, Sections, Sources, Worst } from "./report-chapters";
import { breaksIn, PAGE_WIDTH, ReportBar, ReportLine } from "./report-parts";
import { INK, SIZE, STYLE } from "./report-style";
import { AttestedItems, Exemptions } from "./report-vouched";
import { HISTORY_DAYS, STATE_WORDS, spanWords } from "./words";

/** 100.0 only when nothing is missing. */
const percent = (ratio: number | null): string =>
  ratio === null ? "0.0" : (ratio >= 1 ? 100 : Math.min(Math.round(ratio * 1000), 999) / 10).toFixed(1);

function exemptionWords({ counted, score, scoreWithoutExemptions: bare }: ReportView): string {
  if (counted === "without") return "As if no exemption held.";
  return bare === score ? "No exemption changes the score." : `Without exemptions the score would be ${scoreOr(bare)}.`;
}

function Foot({ view }: { view: ReportView }) {
  return (
    <>
      <Text fixed style={{ ...STYLE.foot, left: 48, right: 108 }}>
        {printable(`${view.title} ${view.version} · ${view.place} · ${view.at}`, 110)}
      </Text>
      <Text
        fixed
        style={{ ...STYLE.foot, left: 48, right: 48, textAlign: "right" }}
        render={({ pageNumber, totalPages }) => `${pageNumber} / ${totalPages}`}
      />
    </>
  );
}

function Chapter({ view, children }: { view: ReportView; children: ReactNode }) {
  return (
    <Page size="A4" style={STYLE.page}>
      {children}
      <Foot view={view} />
    </Page>
  );
}

/** The first page: what the report says as a whole, and of each section. */
function FirstPage({ view }: { view: ReportView }) {
  const missing = view.coverage === null ? 1 : 1 - view.coverage;
  return (
    <Page size="A4" style={STYLE.page}>
      <Text style={{ ...STYLE.bold, fontSize: 11, color: INK.accent }}>Seawall</Text>
      <Text style={{ ...STYLE.dim, marginTop: 10 }}>Compliance report</Text>
      <Text style={{ ...STYLE.bold, fontSize: 24, lineHeight: 1.15, marginTop: 4 }}>{printable(view.title)}</Text>
      <Text
        style={{ fontSize: 13, color: INK.second, marginTop: 4 }}
      >{`Version ${printable(view.version)}, ${printable(view.publisher)}`}</Text>
      <View style={{ flexDirection: "row", marginTop: 12, gap: 32 }}>
        <Fact name="Scope" value={`${view.place} (${view.placeKind})`} />
        <Fact name="As of" value={`${view.at} (${view.timeZone})`} />
        <Fact name="Made by" value={view.by} />
      </View>
      <View style={{ flexDirection: "row", marginTop: 16, gap: 40 }}>
        <View>
          <Text style={STYLE.dim}>Score</Text>
          <Text style={{ ...STYLE.bold, fontSize: 46, lineHeight: 1.1 }}>{scoreOr(view.score)}</Text>
          <Text style={STYLE.dim}>{view.score === null ? "nothing was decided" : "of 100"}</Text>
        </View>
        <View style={{ flexGrow: 1, paddingTop: 1 }}>
          <Text style={STYLE.dim}>Coverage</Text>
          <Text
            style={{ ...STYLE.bold, fontSize: 20, lineHeight: 1.3, marginBottom: 4 }}
          >{`${percent(view.coverage)} %`}</Text>
          <ReportBar filled={view.coverage ?? 0} missing={missing} width={300} />
          <Text style={{ ...STYLE.small, marginTop: 6, maxWidth: 300 }}>
            {`${view.requirements} requirements on ${view.clusters} ${view.clusters === 1 ? "cluster" : "clusters"}: ${view.tally.not_evaluated} of the answers could not be had, ${view.tally.manual} wait for a person. None of these counts as passed.`}
          </Text>
        </View>
      </View>
      <View
        style={{ flexDirection: "row", marginTop: 14, borderTopWidth: 0.75, borderTopColor: INK.line, paddingTop: 8 }}
      >
        {REQUIREMENT_STATES.map((state) => (
          <View key={state} style={{ width: "16.6%", justifyContent: "space-between" }}>
            <Text style={STYLE.dim}>{STATE_WORDS[state]}</Text>
            <Text style={{ ...STYLE.bold, fontSize: 15 }}>{String(view.states[state])}</Text>
          </View>
        ))}
      </View>
      <Text style={{ ...STYLE.small, marginTop: 8 }}>
        {`Requirements by their worst state over the clusters of the scope. ${exemptionWords(view)}`}
      </Text>
      <View style={{ marginTop: 12 }}>
        <Text
          style={{ ...STYLE.dim, marginBottom: 6 }}
        >{`Score, ${spanWords(view.history.length, HISTORY_DAYS).toLowerCase()}${view.counted === "without" ? ", with exemptions" : ""}`}</Text>
        <ReportLine points={view.history} width={PAGE_WIDTH} height={32} />
      </View>
      <View style={{ marginTop: 16 }}>
        <Sections view={view} />
      </View>
      <Foot view={view} />
    </Page>
  );
}

const FACT_WIDTH = 170;
function Fact({ name, value }: { name: string; value: string }) {
  return (
    <View style={{ maxWidth: FACT_WIDTH }}>
      <Text style={STYLE.dim}>{name}</Text>
      <Text hyphenationCallback={breaksIn(FACT_WIDTH, SIZE)}>{printable(value, 120)}</Text>
    </View>
  );
}

/** The printed report: figures with the sections, worst requirements, what to do first, manual items, what people answer for, every requirement, method. */
export function reportDocument(view: ReportView) {
  return (
    <Document title={printable(`${view.title} ${view.version}, ${view.place}`, 200)} author="Seawall" language="en">
      <FirstPage view={view} />
      <Chapter view={view}>
        <Worst view={view} />
      </Chapter>
      <Chapter view={view}>
        <FirstSteps view={view} />
      </Chapter>
      <Chapter view={view}>
        <ManualItems view={view} />
      </Chapter>
      {view.attested.length === 0 ? null : (
        <Chapter view={view}>
          <AttestedItems view={view} />
        </Chapter>
      )}
      {view.exemptions.length === 0 ? null : (
        <Chapter view={view}>
          <Exemptions view={view} />
        </Chapter>
      )}
      <Chapter view={view}>
        <AllRequirements view={view} />
      </Chapter>
      <Chapter view={view}>
        <Method view={view} />
        <View style={{ marginTop: 22 }}>
          <Sources view={view} />
        </View>
      </Chapter>
    </Document>
  );
}
