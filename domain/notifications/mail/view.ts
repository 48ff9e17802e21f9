import type { SeverityWord } from "../schema";

export interface MailLink {
  label: string;
  href: string;
}

/** A row of a section: what, how many, and one quiet line below. */
export interface MailRow {
  title: string;
  amount?: string;
  detail?: string;
}

export interface MailSection {
  heading: string;
  severity: SeverityWord | null;
  /** One sentence below the heading. */
  note?: string;
  rows: MailRow[];
  /** What is not shown. */
  more?: string;
  link?: MailLink;
}

/** What one cluster or account has to tell. A digest has several. */
export interface MailPlace {
  /** Null in a mail about one place, whose head says it. */
  name: string | null;
  sections: MailSection[];
}

/** A mail before it is HTML and text. All words are clean already; links lie below the base address. */
export interface MailView {
  subject: string;
  /** The line a mailbox shows beside the subject. */
  preview: string;
  title: string;
  lead: string[];
  places: MailPlace[];
  action: MailLink | null;
  /** Below everything: why this came and how to change it. */
  footer: string[];
  footerLinks: MailLink[];
}
