import { scoreText } from "@/lib/score-text";
import { type Body, fallOf, type Happening, type Part } from "../event";
import { type Tellable, tellable } from "../route";
import { type SeverityRank, severityWord } from "../schema";
import type { MailRow, MailSection } from "./view";
import { clean, linkTo, listed, plural } from "./words";

/** A notice with its event and the names things have today. */
export interface Told {
  happening: Happening;
  parts: Part[] | null;
  accountName: string | null;
  clusterName: string | null;
}

const ROWS = 8;
const REASON_CHARS = 240;

const where = (one: { namespace: string; name: string }): string =>
  one.namespace === "" ? clean(one.name, 60) : `${clean(one.namespace, 40)}/${clean(one.name, 60)}`;

/** Findings a notice tells of, by control; its part of the namespaces only. */
export const openedOf = ({ happening, parts }: Told): Tellable =>
  happening.body.kind === "finding.opened" ? tellable(happening.body, parts) : { count: 0, exempted: 0, controls: [] };

/** Whether a notice has anything to tell: findings that are all exempted are nobody's news. */
export const isNews = (told: Told): boolean =>
  told.happening.body.kind !== "finding.opened" || openedOf(told).count > 0;

function openedSection(told: Told, base: string): MailSection {
  const { count, exempted, controls } = openedOf(told);
  const severity = severityWord(told.happening.severity);
  const rows: MailRow[] = controls.slice(0, ROWS).map((control) => {
    const named = control.examples.slice(0, 3).map(where);
    const rest = control.count - named.length;
    const detail = listed([...named, ...(rest > 0 ? [`${rest} more`] : [])]);
    return { title: clean(control.title, 120), amount: String(control.count), ...(detail === "" ? {} : { detail }) };
  });
  const shown = controls.slice(0, ROWS).reduce((sum, control) => sum + control.count, 0);
  const more = [
    ...(count > shown ? [`${plural(count - shown, "more finding")} of other kinds`] : []),
    ...(exempted > 0 ? [`${exempted} that ${exempted === 1 ? "is" : "are"} exempted`] : []),
  ];
  const query = new URLSearchParams({ severity });
  if (told.happening.clusterId !== null) query.set("cluster", told.happening.clusterId);
  return {
    heading: plural(count, `${severity} finding`),
    severity,
    rows,
    ...(more.length > 0 ? { more: `and ${listed(more)}` } : {}),
    link: { label: `All ${severity} findings of this cluster`, href: linkTo(base, `/findings?${query}`) },
  };
}

const EXEMPTION_HEADS = {
  "exemption.requested": "An exemption waits for a decision",
  "exemption.ending": "An exemption ends soon",
  "exemption.ended": "An exemption ended",
} as const;
const EXEMPTION_TABS = {
  "exemption.requested": "requested",
  "exemption.ending": "expiring",
  "exemption.ended": "ended",
} as const;

function exemptionNote(body: Extract<Happening["body"], { kind: `exemption.${string}` }>): string {
  const by = clean(body.by, 80);
  if (body.kind === "exemption.requested") return `${by} asked for it. Somebody else must decide.`;
  if (body.kind === "exemption.ending")
    return `It ends in ${plural(Math.max(1, body.days), "day")}. Then ${plural(body.findings, "finding")} will count again.`;
  const how = body.how === "withdrawn" ? `${by} withdrew it.` : "Its time was over.";
  return `${how} ${plural(body.findings, "finding")} ${body.findings === 1 ? "counts" : "count"} again.`;
}

/** What the score is without exemptions, where that is another figure. */
function withoutExemptions({ after, afterWithoutExemptions: bare }: Extract<Body, { kind: "score.fell" }>): string {
  if (bare === undefined || bare === null || after === null || scoreText(bare) === scoreText(after)) return "";
  return ` Without exemptions it is ${scoreText(bare)}.`;
}

/** One event as a section of a mail. */
export function sectionOf(told: Told, base: string): MailSection {
  const { body, accountId, clusterId, severity } = told.happening;
  const account = accountId === null ? "/accounts" : `/accounts/${accountId}`;
  const cluster = clusterId === null ? "/clusters" : `/clusters/${clusterId}`;
  const mark = severityWord(severity);
  switch (body.kind) {
    case "finding.opened":
      return openedSection(told, base);
    case "score.fell": {
      const from = body.from ?? body.before;
      return {
        heading: `Secure score fell by ${fallOf(body).toFixed(1)}`,
        severity: mark,
        note:
          body.after === null
            ? `It was ${scoreText(from)}; nothing can be scored at present.`
            : `From ${scoreText(from)} to ${scoreText(body.after)} within a day.${withoutExemptions(body)}`,
        rows: [],
        link: { label: "What moved it", href: linkTo(base, account) },
      };
    }
    case "scan.failed":
    case "scan.partial":
      return {
        heading: body.kind === "scan.failed" ? "The scan failed" : "The scan became partial",
        severity: mark,
        note:
          body.kind === "scan.failed"
            ? "What was known stays as it was: nothing counts as fixed until it was seen again."
            : "What could not be read stays open and counts as not evaluated.",
        rows: body.reasons
          .slice(0, ROWS)
          .map((reason) => ({ title: clean(reason.what, 80), detail: clean(reason.message, REASON_CHARS) })),
        ...(body.reasons.length > ROWS ? { more: `and ${plural(body.reasons.length - ROWS, "more reason")}` } : {}),
        link: { label: "Open the cluster", href: linkTo(base, cluster) },
      };
    case "account.unhealthy":
      return {
        heading: "The account cannot be read",
        severity: mark,
        ...(body.reason === null ? {} : { note: clean(body.reason, REASON_CHARS) }),
        rows: [],
        link: { label: "Test the connection", href: linkTo(base, account) },
      };
    case "account.recovered":
      return {
        heading: "The account can be read again",
        severity: null,
        note:
          body.health === "healthy"
            ? "Its cloud answers all that is asked."
            : "Its cloud does not answer all that is asked yet.",
        rows: [],
        link: { label: "Open the account", href: linkTo(base, account) },
      };
    case "exemption.requested":
    case "exemption.ending":
    case "exemption.ended":
      return {
        heading: EXEMPTION_HEADS[body.kind],
        severity: mark,
        note: exemptionNote(body),
        rows: [{ title: clean(body.reason, REASON_CHARS), amount: clean(body.type, 12) }],
        link: {
          label: body.kind === "exemption.requested" ? "Decide on it" : "Open the exemptions",
          href: linkTo(base, `/exemptions?state=${EXEMPTION_TABS[body.kind]}`),
        },
      };
    case "cluster.new":
      return {
        heading: "New cluster",
        severity: null,
        rows: [
          {
            title: clean(told.clusterName ?? body.name ?? body.cluster ?? "", 80),
            ...(body.distribution === undefined ? {} : { amount: clean(body.distribution, 12).toUpperCase() }),
          },
        ],
        link: { label: "Open the cluster", href: linkTo(base, cluster) },
      };
  }
}

/** Sections of one place, worst first; new clusters become one list. */
export function sectionsOf(told: readonly Told[], base: string): MailSection[] {
  const fresh = told.filter(({ happening }) => happening.body.kind === "cluster.new");
  const rest = told.filter(({ happening }) => happening.body.kind !== "cluster.new");
  const sections = [...rest]
    .sort((a, b) => rank(b.happening.severity, a.happening.severity) || +a.happening.at - +b.happening.at)
    .map((one) => sectionOf(one, base));
  const [first] = fresh;
  if (first === undefined) return sections;
  if (fresh.length === 1) return [...sections, sectionOf(first, base)];
  const rows = fresh.slice(0, 20).flatMap((one) => sectionOf(one, base).rows);
  return [
    ...sections,
    {
      heading: plural(fresh.length, "new cluster"),
      severity: null,
      rows,
      ...(fresh.length > rows.length ? { more: `and ${plural(fresh.length - rows.length, "more")}` } : {}),
      link: { label: "Open the clusters", href: linkTo(base, "/clusters") },
    },
  ];
}
const rank = (a: SeverityRank, b: SeverityRank): number => a - b;
