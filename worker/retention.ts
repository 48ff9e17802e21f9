const DAY_MS = 86_400_000;

/** How long what would grow for ever is kept: `what` for how many `days`, and why so long. docs/running.md has the same rows. */
export const KEPT = {
  scans: {
    what: "scans, but the last ended, the last complete and the last compared one of each cluster and account",
    days: 180,
    why: "half a year of how well a cluster could be read; costs need thirty days of nodes",
  },
  changes: { what: "the inventory's history", days: 180, why: "as long as the scans that saw it" },
  everyPoint: {
    what: "every point of a score; then the last of each day, with the day's ledgers added up, and all of the first day",
    days: 180,
    why: "as long as the scans that moved the score",
  },
  points: {
    what: "points of a score at all, but the last before that",
    days: 800,
    why: "two years to compare, and some time to do it",
  },
  compliance: {
    what: "where a benchmark stood on a day",
    days: 800,
    why: "as the score beside it: an audit asks for the year before the last",
  },
  transitions: {
    what: "changes of a finding's state, but the last of each finding",
    days: 400,
    why: "the overview looks back a year",
  },
  resolvedFindings: {
    what: "resolved findings",
    days: 400,
    why: "as long as their changes; what comes back later is found anew",
  },
  goneClusters: {
    what: "clusters that are gone, with all that was found in them; not the fleet's score",
    days: 400,
    why: "as long as their findings; one that comes back later is a new cluster",
  },
  mails: {
    what: "mails and notices that wait for nothing",
    days: 90,
    why: "a quarter, to see what was sent to whom",
  },
  events: { what: "events that no notice speaks of", days: 30, why: "who is told is decided within minutes" },
  invitationLinks: {
    what: "links of invitations, and of ways back in, that could not be delivered",
    days: 7,
    why: "a link is a secret, and works no longer",
  },
  invitations: {
    what: "invitations that were accepted, withdrawn or expired",
    days: 90,
    why: "the list shows expired ones for thirty; the audit log tells of all",
  },
  sessions: {
    what: "sessions that ended, but the last of each person",
    days: 90,
    why: "nobody can use them; the last one says when a person was seen",
  },
  claimedRoles: {
    what: "roles that a claim brought, after the last sign-in through the provider; not that of the last Owner",
    days: 30,
    why: "who was removed at the provider does not sign in any more; API tokens hold no more than their maker",
  },
  tokens: {
    what: "one-time links and sign-in codes that ran out",
    days: 7,
    why: "they are good for nothing but to be told so",
  },
} as const satisfies Record<string, { what: string; days: number; why: string }>;

/** What is older than this is not kept any more. */
export const horizon = (what: keyof typeof KEPT, now: Date): Date => new Date(now.getTime() - KEPT[what].days * DAY_MS);
