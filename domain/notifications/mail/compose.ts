import { fallOf } from "../event";
import { severityWord } from "../schema";
import { bundleKey } from "../throttle";
import { openedOf, sectionsOf, type Told } from "./sections";
import type { MailLink, MailPlace, MailView } from "./view";
import { clean, linkTo, listed, plural } from "./words";

/** What every mail to a recipient needs besides its news. */
export interface Envelope {
  /** Address of the console. */
  base: string;
  /** Null when it can't be unsubscribed from. */
  unsubscribe: string | null;
  /** A person of Seawall can change what he gets; an outside address can only end it. */
  person: boolean;
  /** Notices held for the recipient at present. */
  held: number;
}

const PLACES = 15;
const MOST_OWNERS = 3;
const cutAt = (text: string, max: number): string => [...text].slice(0, max).join("");

/** What happened at one place in a few words: "4 critical and 12 high findings opened, score fell by 6.2". */
export function headline(told: readonly Told[]): string {
  const bySeverity = [3, 2, 1, 0].flatMap((severity) => {
    const count = told
      .filter(({ happening }) => happening.severity === severity)
      .reduce((sum, one) => sum + openedOf(one).count, 0);
    return count === 0 ? [] : [{ word: severityWord(severity), count }];
  });
  const total = bySeverity.reduce((sum, { count }) => sum + count, 0);
  const said: string[] = [];
  if (total > 0) {
    const counts = listed(bySeverity.map(({ word, count }) => `${count.toLocaleString("en-GB")} ${word}`));
    said.push(`${counts} ${total === 1 ? "finding" : "findings"} opened`);
  }
  const kinds = new Set(told.map(({ happening }) => happening.body.kind));
  if (kinds.has("scan.failed")) said.push("scan failed");
  else if (kinds.has("scan.partial")) said.push("scan became partial");
  if (kinds.has("account.unhealthy")) said.push("account cannot be read");
  else if (kinds.has("account.recovered")) said.push("account can be read again");
  const fall = Math.max(
    0,
    ...told.map(({ happening }) => (happening.body.kind === "score.fell" ? fallOf(happening.body) : 0)),
  );
  if (fall > 0) said.push(`score fell by ${fall.toFixed(1)}`);
  if (kinds.has("exemption.requested")) said.push("exemption requested");
  if (kinds.has("exemption.ending")) said.push("exemption ends soon");
  if (kinds.has("exemption.ended")) said.push("exemption ended");
  const fresh = told.filter(({ happening }) => happening.body.kind === "cluster.new").length;
  if (fresh > 0) said.push(fresh === 1 ? "new cluster" : `${fresh} new clusters`);
  return said.join(", ");
}

const upper = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

function placeName(told: Told, max: number): string {
  const { kind } = told.happening.body;
  const payload = told.happening.body;
  const cluster = told.clusterName ?? ("cluster" in payload ? payload.cluster : undefined) ?? null;
  const own = kind === "cluster.new" || told.happening.clusterId === null ? told.accountName : cluster;
  return clean(own ?? told.accountName ?? "your estate", max);
}

/** A cluster's name with its account's; an account's alone. */
function fullName(told: Told): string {
  const name = placeName(told, 80);
  const account = told.accountName === null ? name : clean(told.accountName, 80);
  return account === name || told.happening.body.kind === "cluster.new" ? name : `${name}, ${account}`;
}

function footerOf(envelope: Envelope): Pick<MailView, "footer" | "footerLinks"> {
  const links: MailLink[] = [];
  if (envelope.person) {
    links.push({ label: "Change what you get", href: linkTo(envelope.base, "/settings/notifications") });
  }
  if (envelope.unsubscribe !== null) links.push({ label: "Unsubscribe", href: envelope.unsubscribe });
  const why = envelope.person
    ? "Seawall sent this because a notification route names you, or a role you hold."
    : "Seawall sent this because a notification route names this address.";
  return { footer: [why], footerLinks: links };
}

const groupBy = (told: readonly Told[]): Told[][] => {
  const groups = new Map<string, Told[]>();
  for (const one of told) {
    const { body, accountId, clusterId } = one.happening;
    const key = bundleKey({ kind: body.kind, accountId, clusterId });
    const known = groups.get(key);
    if (known) known.push(one);
    else groups.set(key, [one]);
  }
  const worst = (group: Told[]) => Math.max(...group.map(({ happening }) => happening.severity));
  return [...groups.values()].sort((a, b) => worst(b) - worst(a));
};

/** The mail of one bundle: one scan of a cluster, or one account. `told` must not be empty. */
export function eventsMail(told: readonly [Told, ...Told[]], envelope: Envelope): MailView {
  const [first] = told;
  const { accountId, clusterId, body } = first.happening;
  const news = headline(told);
  const aboutCluster = clusterId !== null && body.kind !== "cluster.new";
  const account = first.accountName === null ? null : clean(first.accountName, 80);
  const lead = [
    aboutCluster && account !== null
      ? `Cluster ${placeName(first, 80)} in ${account}.`
      : accountId === null
        ? "For the whole fleet."
        : `Account ${placeName(first, 80)}.`,
  ];
  if (envelope.held > 0 && envelope.person)
    lead.push(
      `${plural(envelope.held, "more notice")} ${envelope.held === 1 ? "is" : "are"} held and will come as a digest.`,
    );
  const path = aboutCluster ? `/clusters/${clusterId}` : accountId === null ? "/" : `/accounts/${accountId}`;
  return {
    subject: cutAt(`${placeName(first, 50)}: ${news}`, 140),
    preview: cutAt(lead.join(" "), 140),
    title: upper(news),
    lead,
    places: [{ name: null, sections: sectionsOf(told, envelope.base) }],
    action: { label: aboutCluster ? "Open the cluster" : "Open the account", href: linkTo(envelope.base, path) },
    ...footerOf(envelope),
  };
}

/** Whose findings a digest is of, where all of it came by routes with owners: "anna and bert"; else null. */
function ownersOf(told: readonly Told[]): string | null {
  const parts = told.flatMap((one) => one.parts ?? [null]);
  const owners = [...new Set(parts.flatMap((part) => part?.owners ?? []))].sort();
  if (parts.some((part) => part === null || part.owners.length === 0) || owners.length > MOST_OWNERS) return null;
  return listed(owners.map((owner) => clean(owner, 40)));
}

/** All that was held for a recipient, by place, worst first. */
export function digestMail(told: readonly [Told, ...Told[]], envelope: Envelope): MailView {
  const groups = groupBy(told);
  const places: MailPlace[] = groups.slice(0, PLACES).map((group) => {
    const [first] = group;
    return { name: first === undefined ? null : fullName(first), sections: sectionsOf(group, envelope.base) };
  });
  const news = headline(told);
  const rest = groups.length - places.length;
  const owners = ownersOf(told);
  return {
    subject: cutAt(`Digest${owners === null ? "" : ` of ${owners}`}: ${news}`, 140),
    preview: listed(groups.slice(0, 3).flatMap(([first]) => (first === undefined ? [] : [placeName(first, 40)]))),
    title: owners === null ? "Your digest" : `Digest of ${owners}`,
    lead: [
      `${upper(news)}.`,
      ...(rest > 0 ? [`${plural(places.length, "place")} shown, ${rest} more in the console.`] : []),
    ],
    places,
    action: { label: "Open Seawall", href: linkTo(envelope.base, "/") },
    ...footerOf(envelope),
  };
}

/** An invitation. The link is put on the base address, wherever it came from. */
export function invitationMail(
  invitation: { link: string; inviter: string; role: string },
  envelope: Pick<Envelope, "base">,
): MailView {
  const inviter = clean(invitation.inviter, 80);
  const role = clean(invitation.role, 40);
  const host = clean(new URL(envelope.base).host, 100);
  return {
    subject: `${clean(invitation.inviter, 50)} invites you to Seawall`,
    preview: `Your role will be ${role}.`,
    title: "You are invited to Seawall",
    lead: [
      `${inviter} invites you to the Seawall at ${host} as ${role}.`,
      "Seawall watches the security posture of Kubernetes clusters. The link works once; choose a password there.",
    ],
    places: [],
    action: { label: "Accept the invitation", href: linkTo(envelope.base, invitation.link) },
    footer: ["If you do not know who this is from, do nothing: without the link nobody can use your address."],
    footerLinks: [],
  };
}

/** A way back in, for who lost the password or the second factor. The link is put on the base address, wherever it came from. */
export function recoveryMail(recovery: { link: string; owner: string }, envelope: Pick<Envelope, "base">): MailView {
  const host = clean(new URL(envelope.base).host, 100);
  return {
    subject: "Your way back into Seawall",
    preview: "A link that sets a new password.",
    title: "Set a new password",
    lead: [
      `${clean(recovery.owner, 80)} made this link for you at ${host}. It sets a new password, and all your sessions end.`,
      "The link works once, for a day.",
    ],
    places: [],
    action: { label: "Set a new password", href: linkTo(envelope.base, recovery.link) },
    footer: ["If you did not ask for it, do not use it, and tell an Owner of your Seawall."],
    footerLinks: [],
  };
}

/** What the test button sends. */
export function testMail(by: string, envelope: Pick<Envelope, "base">): MailView {
  return {
    subject: "Seawall can send you mail",
    preview: "The mail server took this message.",
    title: "This is a test",
    lead: [
      `${clean(by, 80)} asked Seawall to send it. The mail server took it, and you can read it: nothing is left to do.`,
      "It is sent as every other mail is, as text and as HTML, without pictures and without anything loaded from elsewhere.",
    ],
    places: [],
    action: { label: "Open Seawall", href: linkTo(envelope.base, "/settings/notifications") },
    footer: ["Only this address got it."],
    footerLinks: [],
  };
}
