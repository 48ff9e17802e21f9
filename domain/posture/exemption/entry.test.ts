import { expect, it } from "vitest";
import { readEntry } from "./entry";
import { exemptionRequest, keptTargets } from "./schema";

const now = new Date("2026-11-22T12:00:00Z");
const read = (entered: Record<string, string>, longestDays: number | null = 365) =>
  readEntry(entered, { longestDays }, now);
const good = { type: "waiver", targets: '[{"control":"SW-0007"}]', reason: "Accepted", until: "2026-12-24" };

it("marks everything that is wrong at once", () => {
  const wrong = {
    type: "",
    targets: "[]",
    name: "x".repeat(254),
    namespace: "x".repeat(254),
    labels: "=web",
    image: "*",
    until: "2026-01-01",
  };
  const answer = read({ ...wrong, reason: "" });
  expect(answer.ok).toBe(false);
  expect(Object.keys(answer.ok ? {} : answer.fields).sort()).toEqual(
    ["choice", "image", "labels", "name", "namespace", "reason", "type", "until"].sort(),
  );
  for (const message of Object.values(answer.ok ? {} : answer.fields))
    expect(message).not.toMatch(/invalid|too (big|small)/i);
});

it.each(["app", "app!=x", "app in (a)", "app=a b", "-bad=1", "app=web, tier", "a=b=c"])(
  "refuses what can be no label: %s",
  (labels) => {
    expect(read({ ...good, labels })).toMatchObject({
      ok: false,
      fields: { labels: expect.stringMatching(/name=value/) },
    });
  },
);

it("takes what narrows into every target, and the end of the day that was named", () => {
  const answer = read({
    ...good,
    name: "node-exporter",
    labels: "app=web, tier=edge",
    image: "registry.example.com/*",
  });
  expect(answer).toMatchObject({
    ok: true,
    request: {
      targets: [
        {
          control: "SW-0007",
          name: "node-exporter",
          labels: { app: "web", tier: "edge" },
          image: "registry.example.com/*",
        },
      ],
      expiresAt: "2026-12-24T23:59:59Z",
    },
  });
});

it("holds an end against the rule, and needs no reason to look what it would do", () => {
  expect(read({ ...good, until: "2028-01-01" })).toEqual({
    ok: false,
    fields: { until: "It must end within 365 days." },
  });
  expect(read({ ...good, until: "" }, 30)).toMatchObject({ fields: { until: expect.stringContaining("30 days") } });
  expect(read({ ...good, until: "" }, null).ok).toBe(true);
  expect(read({ ...good, until: "soon" })).toMatchObject({ fields: { until: "Enter a date." } });
  expect(read({ ...good, reason: "", intent: "preview" }).ok).toBe(true);
});

const asked = (target: string) =>
  exemptionRequest.safeParse({ type: "waiver", targets: [JSON.parse(target)], reason: "Accepted" });

it.each([
  ['{"name":"a\\ud800"}', "half a character"],
  ['{"namespace":"a\\u0000"}', "a NUL"],
  ['{"kind":"\\udc00"}', "half a character"],
  ['{"apiGroup":"\\udc00"}', "half a character"],
  ['{"image":"web\\ud800"}', "half a character"],
  ['{"labels":{"a":"\\ud800"}}', "half a character"],
  ['{"labels":{"\\ud800":"a"}}', "labels as name=value"],
  ['{"labels":{"a":"b","__proto__":"c"}}', "__proto__ is no name"],
  ['{"image":"**"}', "more of the image"],
  ['{"image":"*a*"}', "more of the image"],
])("refuses a target that can't be kept, or fits nearly everything: %s", (target, said) => {
  expect(
    asked(target)
      .error?.issues.map(({ message }) => message)
      .join(),
  ).toContain(said);
});

it("takes targets that can, and reads what was kept before", () => {
  expect(asked('{"name":"a\\ud83d\\ude00","labels":{"a":"b"},"image":"*ab*"}').error).toBeUndefined();
  expect(asked('{"labels":{"app.kubernetes.io/name":"web_1","a":""}}').error).toBeUndefined();
  expect(keptTargets.parse([{ image: "**" }])).toEqual([{ image: "**" }]);
  expect(keptTargets.parse([{ labels: { "app!": "a b" } }])).toEqual([{ labels: { "app!": "a b" } }]);
});
