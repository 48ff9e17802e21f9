import { Text, View } from "@react-pdf/renderer";
import { plural } from "@/components/format";
import { scoreOr } from "@/lib/score-text";
import { printable } from "../pdf/text";
import type { ReportView } from "../pdf/view";
import { complianceScore } from "../rollup";
import { Broken, Head, Said, StateWord, Table } from "./report-parts";
import { STYLE } from "./report-style";
import { DECIDED_WORDS } from "./words";

interface Props {
  view: ReportView;
}
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function Sections({ view }: Props) {
  return (
    <View>
      <Head
        title="Sections"
        lead="Requirements by their worst state over the clusters; the score is of all of them on all clusters."
      />
      <Table
        dense
        rows={view.sections}
        keyOf={(row) => row.id}
        columns={[
          {
            head: "Section",
            width: 33,
            of: (row) => printable(/^\d/.test(row.id) ? `${row.id}  ${row.title}` : row.title),
          },
          { head: "All", width: 7, number: true, of: (row) => row.requirements },
          { head: "Passed", width: 9, number: true, of: (row) => row.states.passed },
          { head: "Exempted", width: 10, number: true, of: (row) => row.states.exempted },
          { head: "Failed", width: 9, number: true, of: (row) => row.states.failed },
          { head: "Not evaluated", width: 14, number: true, of: (row) => row.states.not_evaluated },
          { head: "Person", width: 9, number: true, of: (row) => row.states.manual },
          { head: "Score", width: 9, number: true, of: (row) => scoreOr(complianceScore(row.tally)) },
        ]}
      />
    </View>
  );
}

export function Worst({ view }: Props) {
  return (
    <View>
      <Head
        title="Worst requirements"
        lead="Failing ones, by the severity of what fails, then by how many clusters fail and by open findings."
      />
      {view.worst.length === 0 ? (
        <Text>No requirement was seen to fail.</Text>
      ) : (
        <Table
          rows={view.worst}
          keyOf={(row) => row.id}
          columns={[
            { head: "Id", width: 13, of: (row) => printable(row.id) },
            {
              head: "Requirement",
              width: 51,
              of: (row) => (
                <View>
                  <Broken style={STYLE.bold}>{printable(row.title)}</Broken>
                  {row.examples.map((example) => (
                    <Said key={example} text={example} most={110} style={STYLE.small} />
                  ))}
                </View>
              ),
            },
            { head: "Severity", width: 12, of: (row) => (row.severity === "" ? "attested" : capital(row.severity)) },
            { head: "Clusters", width: 12, number: true, of: (row) => `${row.failing} of ${row.clusters}` },
            { head: "Findings", width: 12, number: true, of: (row) => row.findings },
          ]}
        />
      )}
    </View>
  );
}

export function FirstSteps({ view }: Props) {
  return (
    <View>
      <Head
        title="What to do first"
        lead="Repairs that most requirements wait for, the gravest first. Each is a control of Seawall, where every affected resource stands with its own fix."
      />
      {view.first.length === 0 ? <Text>Nothing that was judged fails.</Text> : null}
      {view.first.map((step, at) => (
        <View key={step.id} wrap={false}>
          <View style={{ ...STYLE.row, paddingVertical: 7 }}>
            <Text style={{ ...STYLE.bold, width: 24 }}>{String(at + 1)}</Text>
            <View style={{ width: 340, paddingRight: 16 }}>
              <Text style={STYLE.bold}>{printable(step.title)}</Text>
              <Said text={step.steps} most={430} style={{ ...STYLE.small, marginTop: 2 }} />
            </View>
            <View style={{ width: 135 }}>
              <Text>{`${capital(step.severity)}, effort ${step.effort}`}</Text>
              <Text style={STYLE.small}>{plural(step.resources, "resource")}</Text>
              <Text style={STYLE.small}>{`holds up ${plural(step.requirements, "requirement")}`}</Text>
              <Text style={STYLE.small}>{step.id}</Text>
            </View>
          </View>
          <View style={STYLE.line} />
        </View>
      ))}
    </View>
  );
}

export function ManualItems({ view }: Props) {
  return (
    <View>
      <Head
        title="For people to decide"
        lead="What a read-only look through APIs cannot decide. Until a person attests it, it counts as missing."
      />
      {view.manual.length === 0 ? (
        <Text>Nothing waits for a person.</Text>
      ) : (
        <Table
          rows={view.manual}
          keyOf={(row) => row.id}
          columns={[
            { head: "Id", width: 11, of: (row) => printable(row.id) },
            { head: "Requirement", width: 32, of: (row) => printable(row.title) },
            {
              head: "Where to look",
              width: 45,
              of: (row) => <Said text={row.look} most={200} style={STYLE.small} />,
            },
            { head: "Clusters", width: 12, number: true, of: (row) => row.clusters },
          ]}
        />
      )}
    </View>
  );
}

export function AllRequirements({ view }: Props) {
  return (
    <View>
      <Head
        title="Every requirement"
        lead="Its worst state, who decides it, and on how many clusters it passed and failed."
      />
      <Table
        rows={view.all}
        keyOf={(row) => row.id}
        columns={[
          { head: "Id", width: 13, of: (row) => printable(row.id) },
          { head: "Requirement", width: 40, of: (row) => printable(row.title) },
          { head: "State", width: 15, of: (row) => <StateWord state={row.state} /> },
          {
            head: "Decided by",
            width: 16,
            of: (row) => <Text style={STYLE.small}>{DECIDED_WORDS[row.decidedBy]}</Text>,
          },
          { head: "Passed", width: 8, number: true, of: (row) => row.tally.passed },
          { head: "Failed", width: 8, number: true, of: (row) => row.tally.failed },
        ]}
      />
    </View>
  );
}

const METHOD = [
  "A requirement is judged on every cluster that the benchmark is meant for. It fails when any resource fails any of its controls; it passes only when all of its controls that apply were evaluated and hold; it is not applicable when the cluster holds nothing that they judge.",
  "What could not be read is not evaluated. It never passes, and a finding that was open stays open, and failing, until it is seen to be repaired or gone. Losing a permission can therefore not raise a score.",
  "Requirements that nothing visible decides are for a person, who attests them with evidence, for a place and until a day. An attestation cannot outweigh a failing control, and when it runs out the requirement waits again.",
  "A requirement is met with exemptions when an approved exemption holds for everything that fails it: the finding stays open, and the auditor's file names each with its exemption. Such requirements are counted apart.",
  "Score: met, with exemptions or not, divided by met and failed, over all requirements on all clusters, times 100. Coverage: met and failed divided by all that apply. A score should be read together with its coverage.",
  "Ids of requirements are the publisher's; titles and explanations are Seawall's own words. This report is no certificate and does not replace the publisher's text.",
];

export function Method({ view }: Props) {
  return (
    <View>
      <Head title="Method and sources" lead={printable(view.about)} />
      {view.shortened === true ? (
        <Text style={{ marginBottom: 6, maxWidth: 440 }}>
          Examples, steps and evidence were shortened to fit these pages; the auditor's file holds them whole.
        </Text>
      ) : null}
      {METHOD.map((text) => (
        <Text key={text} style={{ marginBottom: 6, maxWidth: 440 }}>
          {text}
        </Text>
      ))}
    </View>
  );
}

export function Sources({ view }: Props) {
  return (
    <View>
      <Head
        title="Clusters"
        lead={`${plural(view.clusters, "cluster")} of this scope; collected when their last scan began.`}
      />
      <Table
        rows={view.sources.map((source, at) => ({ ...source, key: String(at) }))}
        keyOf={(row) => row.key}
        columns={[
          { head: "Cluster", width: 30, of: (row) => <Said text={row.name} most={80} /> },
          { head: "Account", width: 28, of: (row) => <Said text={row.account} most={80} /> },
          { head: "Distribution", width: 14, of: (row) => row.distribution.toUpperCase() },
          { head: "Collected", width: 28, of: (row) => row.collectedAt },
        ]}
      />
      {view.moreSources > 0 ? (
        <Text style={STYLE.small}>{`and ${plural(view.moreSources, "more cluster")}`}</Text>
      ) : null}
    </View>
  );
}
