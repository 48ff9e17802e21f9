import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { happeningOf } from "../event";
import { fits, type Route, taken, tellable } from "../route";
import { digestMail, eventsMail, invitationMail, recoveryMail } from "./compose";
import type { Told } from "./sections";
import { mailText } from "./text";
import { clean, linkless, linkTo } from "./words";

const base = "https://seawall.example/console";
const envelope = { base, unsubscribe: `${base}/unsubscribe?token=t`, person: true, held: 0 };

function told(kind: string, payload: object, names: { account?: string; cluster?: string } = {}): Told {
  const happening = happeningOf({ id: "e", kind, accountId: "a1", clusterId: "c1", payload, at: new Date(0) });
  if (happening === null) throw new Error(`no event: ${kind}`);
  return { happening, parts: null, accountName: names.account ?? "Shop", clusterName: names.cluster ?? "shop-eu" };
}
const example = (namespace: string, name: string) => ({ kind: "Deployment", namespace, name });
const opened = (title: string, name: string, severity = 2) => ({
  cluster: "c",
  severity,
  count: 9,
  controls: [{ id: "SW-1", title, count: 9, examples: [example("ns", name)] }],
  places: [
    {
      namespace: "team-a",
      owner: "anna",
      count: 4,
      controls: [{ id: "SW-1", count: 4, examples: [example("team-a", "web")] }],
    },
    {
      namespace: "team-b",
      owner: null,
      count: 5,
      controls: [{ id: "SW-1", count: 5, examples: [example("team-b", "api")] }],
    },
  ],
});

const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.constantFrom(
    "a\r\nBcc: x@evil.example",
    "<img src=x onerror=alert(1)>",
    "\u202egnp.exe",
    "a\u200bb",
    "",
    "x".repeat(253),
    "https://evil.example/login",
    "\ud800",
  ),
);

test.each([
  [{ after: 70, afterWithoutExemptions: 61.04 }, "From 80 to 70 within a day. Without exemptions it is 61."],
  [{ after: 70, afterWithoutExemptions: 70 }, "From 80 to 70 within a day."],
  [{ after: 70, afterWithoutExemptions: null }, "From 80 to 70 within a day."],
  [{ after: 70 }, "From 80 to 70 within a day."], // an event from before it was told
  [{ after: null, afterWithoutExemptions: 0 }, "It was 80; nothing can be scored at present."],
])("a fall to %j says: %s", (fall, words) => {
  const mail = eventsMail([told("score.fell", { before: 80, cluster: "c", ...fall })], envelope);
  expect(mailText(mail).replaceAll(".0", "")).toContain(words);
});

describe("hostile names", () => {
  test("one visible line of bounded length, whatever they are", () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 8, max: 120 }), (text, max) => {
        const seen = clean(text, max);
        expect([...seen].length).toBeLessThanOrEqual(Math.max(max, "(no name)".length));
        expect(seen).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(seen).not.toMatch(/\p{Cs}/u);
      }),
    );
  });

  test("no header line, no link outside the base address, in any mail", () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (account, cluster, name) => {
        const one = told("finding.opened", opened(name, name), { account, cluster });
        const score = told("score.fell", { before: 80, after: 70, cluster }, { account, cluster });
        for (const view of [
          eventsMail([one, score], envelope),
          digestMail([one, score], envelope),
          invitationMail(
            { link: `https://evil.example/join?x=${encodeURIComponent(clean(cluster))}`, inviter: account, role: name },
            envelope,
          ),
          recoveryMail(
            { link: `https://evil.example/welcome?x=${encodeURIComponent(clean(cluster))}`, owner: name },
            envelope,
          ),
        ]) {
          expect(view.subject).not.toMatch(/[\r\n\0]/);
          expect([...view.subject].length).toBeLessThanOrEqual(140);
          expect(view.subject).not.toMatch(/\p{Cs}/u);
          const links = [
            view.action,
            ...view.footerLinks,
            ...view.places.flatMap((place) => place.sections.map((section) => section.link ?? null)),
          ];
          for (const link of links) if (link !== null) expect(link.href.startsWith(`${base}/`)).toBe(true);
          const text = mailText(view);
          for (const found of text.match(/https?:\/\/\S+/g) ?? []) expect(found.startsWith(`${base}/`)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("what a client would make a link of comes apart", () => {
    expect(linkless("see https://evil.example/x or me@evil.example")).toEqual([
      "see https:",
      "//evil.",
      "example/x or me@",
      "evil.",
      "example",
    ]);
    expect(linkless("fell by 3.6 to 61.3")).toEqual(["fell by 3.6 to 61.3"]);
  });

  test("a link is put below the base address", () => {
    expect(linkTo(base, "/clusters/1?x=y#z")).toBe(`${base}/clusters/1?x=y#z`);
    expect(linkTo(base, "//evil.example/a")).toBe(`${base}/a`);
    expect(linkTo(base, "https://evil.example/a?b")).toBe(`${base}/a?b`);
    expect(linkTo("https://s.example", "/console/x")).toBe("https://s.example/console/x");
    expect(linkTo(base, "/console/x")).toBe(`${base}/x`);
  });
});

const route: Route = {
  id: "r",
  name: "r",
  enabled: true,
  kinds: [],
  minSeverity: 0,
  accountIds: [],
  clusterIds: [],
  namespaces: [],
  owners: [],
  toUsers: [],
  toRoles: ["Owner"],
  toAddresses: [],
  pace: "now",
};

describe("routes", () => {
  const event = told("finding.opened", opened("Privileged", "web")).happening;

  test("kind, severity, account, cluster", () => {
    expect(taken(route, event)).toBe("all");
    expect(taken({ ...route, enabled: false }, event)).toBeNull();
    expect(taken({ ...route, minSeverity: 3 }, event)).toBeNull();
    expect(taken({ ...route, kinds: ["score.fell"] }, event)).toBeNull();
    expect(taken({ ...route, accountIds: ["a2"] }, event)).toBeNull();
    expect(taken({ ...route, accountIds: ["a1"], clusterIds: ["c1"] }, event)).toBe("all");
  });

  test("a namespace's or an owner's part, and nothing of the others", () => {
    const part = taken({ ...route, namespaces: ["team-*"], owners: ["anna"] }, event);
    expect(part).toEqual({ namespaces: ["team-*"], owners: ["anna"] });
    if (part === null || part === "all" || event.body.kind !== "finding.opened") throw new Error("no part");
    expect(tellable(event.body, [part])).toEqual({
      count: 4,
      exempted: 0,
      controls: [{ id: "SW-1", title: "Privileged", count: 4, examples: [example("team-a", "web")] }],
    });
    expect(taken({ ...route, owners: ["bert"] }, event)).toBeNull();
    expect(
      taken({ ...route, namespaces: ["team-a"] }, told("score.fell", { before: 9, after: 1, cluster: "" }).happening),
    ).toBeNull();
  });

  test("a star stands for any characters, like a glob", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 6 });
    fc.assert(
      fc.property(word, fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 }), (pattern, value) => {
        expect(fits(pattern, value)).toBe(new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(value));
      }),
    );
  });
});

test("a digest names the owners when all of it came by routes with owners, and nobody else's", () => {
  const one = (...owners: string[]) => ({
    ...told("finding.opened", opened("Privileged", "web")),
    parts: owners.map((owner) => ({ namespaces: [], owners: [owner] })),
  });
  const subject = (...all: [Told, ...Told[]]) => digestMail(all, envelope).subject;
  expect(subject(one("anna"))).toBe("Digest of anna: 4 high findings opened");
  expect(subject(one("anna"), one("anna\r\nBcc: x", "anna"))).toMatch(/^Digest of anna and anna Bcc: x: /);
  expect(subject(one("anna"), told("finding.opened", opened("Privileged", "web")))).toMatch(/^Digest: /);
  expect(subject({ ...one("anna"), parts: [{ namespaces: ["team-a"], owners: [] }] })).toMatch(/^Digest: /);
});

describe("opened findings that an exemption holds for", () => {
  const tally = { id: "SW-1", count: 5, exempted: 2, examples: [example("team-a", "web")] };
  const answered = { id: "SW-2", count: 4, exempted: 4, examples: [] };
  const place = (namespace: string, ...controls: (typeof tally)[]) => ({
    ...{ namespace, owner: null, controls },
    count: controls.reduce((sum, { count }) => sum + count, 0),
  });
  const payload = {
    ...{ cluster: "c", severity: 2, count: 19 },
    places: [place("team-a", tally), place("team-b", tally, answered), place("other", tally)],
    controls: [
      { ...tally, title: "Privileged", count: 15, exempted: 6 },
      { ...answered, title: "Root" },
    ],
  };
  const mail = (one: Told) =>
    mailText(eventsMail([one], envelope))
      .split("All high")[0]
      ?.split("\n\n")
      .slice(2)
      .join();

  test("are counted apart, and neither they nor what fails by them alone is named", () => {
    const event = told("finding.opened", payload);
    const [nine, six] = [
      "HIGH  9 high findings\n  - 9 × Privileged\n    team-a/web and 8 more\n  and 10 that are exempted\n  ",
      "HIGH  6 high findings\n  - 6 × Privileged\n    team-a/web, team-a/web and 4 more\n  and 8 that are exempted\n  ",
    ];
    expect(mail(event)).toBe(nine);
    expect(mail({ ...event, parts: [{ namespaces: ["team-*"], owners: [] }] })).toBe(six);
    expect(eventsMail([event], envelope).subject).toBe("shop-eu: 9 high findings opened");
    // Controls that the event has no room for are counted all the same.
    const bounded = told("finding.opened", {
      ...payload,
      count: 30,
      exempted: 13,
      controls: payload.controls.slice(0, 1),
    });
    expect(mail(bounded)).toContain("\n  and 8 more findings of other kinds and 13 that are exempted\n");
  });

  test("are nobody's news when they are all: a route takes nothing of them, nor a part of them", () => {
    const event = (more: object) => told("finding.opened", { ...payload, ...more }).happening;
    const all = (of: typeof tally) => ({ ...of, exempted: of.count });
    const part = place("team-a", all(tally));
    expect(taken(route, event({}))).toBe("all");
    expect(taken(route, event({ exempted: 19 }))).toBeNull();
    expect(
      taken(route, event({ controls: payload.controls.map((one) => ({ ...one, exempted: one.count })) })),
    ).toBeNull();
    const team = { ...route, namespaces: ["team-a"] };
    expect(taken(team, event({}))).toEqual({ namespaces: ["team-a"], owners: [] });
    expect(taken(team, event({ places: [part, place("team-b", tally)] }))).toBeNull();
    expect(taken(team, event({ places: [{ ...part, controls: [], exempted: 5 }] }))).toBeNull();
  });
});

test("a mail as a person reads it in plain text", () => {
  const view = eventsMail([told("finding.opened", opened("Containers should not run privileged", "web", 3))], {
    ...envelope,
    held: 2,
  });
  expect(mailText(view)).toBe(`9 critical findings opened

Cluster shop-eu in Shop.

2 more notices are held and will come as a digest.

CRITICAL  9 critical findings
  - 9 × Containers should not run privileged
    ns/web and 8 more
  All critical findings of this cluster:
  https://seawall.example/console/findings?severity=critical&cluster=c1

Open the cluster:
https://seawall.example/console/clusters/c1

-- 
Seawall sent this because a notification route names you, or a role you
hold.
Change what you get: https://seawall.example/console/settings/notifications
Unsubscribe: https://seawall.example/console/unsubscribe?token=t
`);
});
