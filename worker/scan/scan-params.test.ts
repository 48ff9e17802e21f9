import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { resolveParameters, type StoredOverride } from "@/domain/posture/parameter/resolve";
import { type Control, controlSchema } from "@/domain/posture/schema";
import {
  deployment,
  findings,
  input,
  ledgersAddUp,
  namespace,
  points,
  policy,
  reset,
  scan,
  startDatabase,
  stopDatabase,
} from "../testing/scan-fixture";

beforeAll(startDatabase, 300_000);
afterAll(stopDatabase);
beforeEach(reset);

const IMAGES: Control = controlSchema.parse({
  id: "SW-9004",
  name: "control-9004",
  title: "Images come from allowed places",
  scoreGroup: "access-and-permissions",
  severity: "high",
  maturity: "stable",
  appliesTo: { resources: ["Workload"] },
  forEach: "container",
  violates: "!params.registries.exists(registry, container.image.startsWith(registry))",
  params: { registries: ["acr.io/"] },
  rationale: "A rationale that is long enough.",
  message: "It is so.",
  remediation: { effort: "low", impact: "None that is known of.", steps: "Change the field." },
  examples: { pass: [{ name: "passes", resource: {} }], fail: [{ name: "fails", resource: {} }] },
});
const override = (scope: StoredOverride["scope"], registries: unknown, place = ""): StoredOverride => ({
  controlId: IMAGES.id,
  scope,
  namespace: place,
  params: { registries },
});
const estate = [namespace(), policy(), ...deployment("web", false), ...deployment("batch", false)];
const look = (...overrides: StoredOverride[]) => scan(estate, resolveParameters([IMAGES], overrides));
const open = async () => (await findings()).filter(({ state }) => state === "open").map(({ name }) => name);

it("judges anew what other parameters may change, once, and the ledger says controls", async () => {
  expect((await look()).opened).toBe(0);
  expect((await look()).evaluated).toBe(0);
  const changed = await look(override("fleet", ["ghcr.io/"]));
  expect(changed).toMatchObject({ opened: 2 });
  expect(changed.evaluated).toBeGreaterThan(0);
  expect(await look(override("fleet", ["ghcr.io/"]))).toMatchObject({ evaluated: 0, opened: 0, changed: 0 });
  const [, last] = await points();
  expect(last?.ledger.filter(({ delta }) => delta !== 0).map(({ step }) => step)).toEqual(["controls"]);
  expect((await look()).resolved).toBe(2);
  await ledgersAddUp();
});

it("holds within a namespace alone, also for the ledger", async () => {
  await look();
  expect((await look(override("namespace", ["ghcr.io/"], "other"))).evaluated).toBe(0);
  expect(await look(override("namespace", ["ghcr.io/"], "shop"))).toMatchObject({ opened: 2 });
  expect(await open()).toEqual(["batch", "web"]);
  const ledger = (await points()).at(-1)?.ledger ?? [];
  expect(ledger.filter(({ delta }) => delta !== 0).map(({ step }) => step)).toEqual(["controls"]);
});

it("lets the nearer place win", async () => {
  await look(override("fleet", ["ghcr.io/"]), override("cluster", ["acr.io/"]));
  expect(await open()).toEqual([]);
  await look(override("cluster", ["acr.io/"]), override("namespace", ["none/"], "shop"), override("account", ["x/"]));
  expect(await open()).toEqual(["batch", "web"]);
  expect(input.controls.length).toBeGreaterThan(0);
});

it("leaves out what no longer fits the control", () => {
  const { controls, namespaces } = resolveParameters(
    [IMAGES],
    [
      override("fleet", "acr.io/"),
      { ...override("fleet", []), params: { gone: 1, __proto__: 1 } },
      { ...override("fleet", []), controlId: "SW-0000" },
    ],
  );
  expect(controls[0]).toBe(IMAGES);
  expect(namespaces.size).toBe(0);
});
