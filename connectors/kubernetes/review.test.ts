import { afterEach, beforeEach, expect, it } from "vitest";
import { LISTED_KINDS } from "@/domain/inventory/schema";
import { reviewAccess } from "./review";
import { type Answer, FixtureServer, fixtureOptions, status } from "./testing/fixture-server";

let fixture: FixtureServer;
beforeEach(async () => {
  fixture = new FixtureServer();
  await fixture.start();
});
afterEach(() => fixture.stop());

interface Asked {
  verb: string;
  group: string;
  resource: string;
}
const verdict =
  (allowed: (asked: Asked) => unknown): Answer =>
  (request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += String(chunk);
    });
    request.on("end", () => {
      const asked: Asked = JSON.parse(text).spec.resourceAttributes;
      response
        .writeHead(201)
        .end(JSON.stringify({ kind: "SelfSubjectAccessReview", status: { allowed: allowed(asked) } }));
    });
  };
const review = () => reviewAccess(fixture.access(), { ...fixtureOptions(), retryLimit: 0 });

it("finds nothing to say about a reader's least privilege", async () => {
  fixture.answers = [verdict(({ verb, resource }) => verb === "list" && resource !== "secrets")];
  expect(await review()).toEqual({ gaps: [], warnings: [] });
  expect(fixture.requests.length).toBe(LISTED_KINDS.length + 3);
});

it("names what is denied", async () => {
  fixture.answers = [verdict(({ verb, resource }) => verb === "list" && resource !== "roles")];
  const { gaps, warnings } = await review();
  expect(warnings).toEqual([]);
  expect(gaps).toMatchObject([
    { code: "denied", what: "rbac.authorization.k8s.io/roles", permission: "list rbac.authorization.k8s.io/roles" },
  ]);
});

it("warns of an identity that may do everything", async () => {
  fixture.answers = [verdict(() => true)];
  const { gaps, warnings } = await review();
  expect(gaps).toEqual([]);
  expect(warnings).toContainEqual(expect.stringMatching(/^Over-privileged: .* get secrets/));
});

it.each([
  ["denied", status(403)],
  ["malformed", verdict(() => "yes")],
  ["server_error", status(500)],
] as const)("takes no answer for no right and for no clean bill: %s", async (code, answer) => {
  fixture.answers = [answer];
  const { gaps, warnings } = await review();
  expect(gaps.map((gap) => gap.code)).toEqual(LISTED_KINDS.map(() => code));
  expect(warnings).toHaveLength(3);
});
