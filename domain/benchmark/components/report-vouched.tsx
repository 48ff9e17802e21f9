import { Text, View } from "@react-pdf/renderer";
import { plural } from "@/components/format";
import { printable } from "../pdf/text";
import type { ReportView } from "../pdf/view";
import { ATTESTED } from "../schema";
import { Broken, Head, Said, Table } from "./report-parts";
import { STYLE } from "./report-style";
import { ATTESTED_WORDS } from "./words";

interface Props {
  view: ReportView;
}
const WHOLE = "The auditor's file has every word.";
const More = ({ amount, what }: { amount: number; what: string }) =>
  amount > 0 ? (
    <Text
      style={{ ...STYLE.small, marginTop: 6 }}
    >{`and ${plural(amount, `more ${what}`)}, in the auditor's file`}</Text>
  ) : null;
/** What another version of Seawall may have written counts for nothing. */
function wordsOf(state: string): string {
  const known = ATTESTED.find((each) => each === state);
  return known === undefined ? "Not readable, counts for nothing" : ATTESTED_WORDS[known];
}
const KIND_WORDS = { mitigated: "Mitigated", waiver: "Waiver", unreadable: "Not readable" };

/** A chapter of its own: the renderer cannot place a table that begins below another on its page and runs over the next ones. */
export function AttestedItems({ view }: Props) {
  return (
    <View>
      <Head title="Attested" lead={`What people vouch for, until the day that is named. ${WHOLE}`} />
      <Table
        rows={view.attested}
        keyOf={(row) => `${row.id}${row.place}`}
        columns={[
          { head: "Id", width: 11, of: (row) => printable(row.id) },
          {
            head: "Requirement",
            width: 28,
            of: (row) => (
              <View>
                <Broken>{printable(row.title)}</Broken>
                <Said text={row.place} most={80} style={STYLE.small} />
              </View>
            ),
          },
          { head: "State", width: 12, of: (row) => wordsOf(row.state) },
          {
            head: "Evidence",
            width: 33,
            of: (row) => (
              <View>
                <Said text={row.evidence} most={120} style={STYLE.small} />
                {row.link === "" ? null : <Said text={row.link} most={120} style={STYLE.small} />}
              </View>
            ),
          },
          {
            head: "By, until",
            width: 16,
            of: (row) => (
              <View>
                <Said text={row.by} most={60} style={STYLE.small} />
                <Text style={STYLE.small}>{row.until}</Text>
              </View>
            ),
          },
        ]}
      />
      <More amount={view.moreAttested} what="attestation" />
    </View>
  );
}

/** Exemptions in force: what each is for, why, and who answers for it until when. */
export function Exemptions({ view }: Props) {
  const counted =
    view.counted === "without" ? "This report is as if none of them held." : "What they hold for fails nothing above.";
  return (
    <View>
      <Head
        title="Exemptions in force"
        lead={`Those that hold for open findings of this benchmark's controls here. ${counted} ${WHOLE}`}
      />
      <Table
        rows={view.exemptions}
        keyOf={(row) => row.id}
        columns={[
          {
            head: "For",
            width: 38,
            of: (row) => (
              <View>
                {row.kind === "unreadable" ? (
                  <Said
                    text={`Exemption ${row.id}: what it is for can no longer be read. Each cluster's next scan lets it hold for nothing.`}
                    style={STYLE.small}
                  />
                ) : null}
                {row.targets.map((words) => (
                  <Said key={words} text={words} most={150} style={STYLE.small} />
                ))}
                {row.moreTargets > 0 ? (
                  <Text style={STYLE.small}>{`and ${plural(row.moreTargets, "more target")}`}</Text>
                ) : null}
              </View>
            ),
          },
          {
            head: "Kind",
            width: 14,
            of: (row) => (
              <View>
                <Text>{KIND_WORDS[row.kind]}</Text>
                <Text style={STYLE.small}>{plural(row.findings, "finding")}</Text>
              </View>
            ),
          },
          {
            head: "Why",
            width: 27,
            of: (row) => (
              <View>
                <Said text={row.reason} most={140} style={STYLE.small} />
                {row.evidence === "" ? null : <Said text={row.evidence} most={80} style={STYLE.small} />}
              </View>
            ),
          },
          {
            head: "Who, until",
            width: 21,
            of: (row) => (
              <View>
                <Said text={`asked by ${row.by}`} most={60} style={STYLE.small} />
                <Said text={`approved by ${row.approvedBy}`} most={60} style={STYLE.small} />
                <Text style={STYLE.small}>{row.until === "no end" ? row.until : `until ${row.until}`}</Text>
              </View>
            ),
          },
        ]}
      />
      <More amount={view.moreExemptions} what="exemption" />
    </View>
  );
}
