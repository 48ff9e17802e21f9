import { expect, it } from "vitest";
import { Assessor, assess } from "./engine";
import { exampleSubject } from "./example";
import { loadControls } from "./load";
import type { Assessment, Subject } from "./schema";

const controls = loadControls();
const subjects = controls.flatMap((control): Subject[] =>
  [control.examples.pass[0], control.examples.fail[0]].flatMap((example) => {
    const subject = example === undefined ? null : exampleSubject(control, example);
    return subject === null ? [] : [subject];
  }),
);

function told(assessor: Assessor, subject: Subject): ReadonlyMap<string, Assessment> {
  const all = new Map<string, Assessment>();
  assessor.assess(subject, (assessment, { id }) => all.set(id, assessment));
  return all;
}

/** As `told` of many at once, where facts come late. Each control is asked once of each, and those that wait in order, too. */
function toldLate(assessor: Assessor, given: readonly Subject[]): ReadonlyMap<string, Assessment>[] {
  const early = given.map((): [string, Assessment][] => []);
  const late = given.map((): [string, Assessment][] => []);
  const noteIn =
    (all: [string, Assessment][][]) =>
    (assessment: Assessment, { id }: { id: string }, nth: number): void =>
      void all[nth]?.push([id, assessment]);
  const withoutFacts = given.map(({ facts: _facts, ...subject }) => subject);
  const begun = assessor.begin(withoutFacts, noteIn(early));
  const known = begun.map((subject, nth) => ({ ...subject, facts: given[nth]?.facts ?? {} }));
  assessor.finish(known, noteIn(late));
  return given.map(({ appliesTo }, nth) => {
    const order = assessor.controlsOf(appliesTo).map(({ id }) => id);
    const rank = ([id]: [string, Assessment]): number => order.indexOf(id);
    for (const said of [early[nth] ?? [], late[nth] ?? []])
      expect(said.map(rank)).toEqual(said.map(rank).toSorted((a, b) => a - b));
    const all = [...(early[nth] ?? []), ...(late[nth] ?? [])];
    expect(new Set(all.map(([id]) => id)).size).toBe(all.length);
    return new Map(all.sort((a, b) => rank(a) - rank(b)));
  });
}

it("says of a subject what each control says alone, whatever was judged before it", () => {
  const cluster = { distribution: "gke" };
  const params = new Map([["SW-0359", { guards: "^another$" }]]);
  const assessor = new Assessor(controls, cluster, params);
  const late = toldLate(assessor, subjects);
  for (const [nth, subject] of subjects.entries()) {
    const alone = assessor.controlsOf(subject.appliesTo).map((control): [string, Assessment] => {
      const own = params.get(control.id);
      return [control.id, assess(control, subject, own === undefined ? { cluster } : { cluster, params: own })];
    });
    expect([...told(assessor, subject)]).toEqual(alone);
    expect([...(toldLate(assessor, [subject])[0] ?? [])]).toEqual(alone);
    expect([...(late[nth] ?? [])]).toEqual(alone);
  }
});

it("waits for the facts that a message tells", () => {
  const [control] = controls.filter(({ name }) => name === "host-network");
  if (control === undefined) throw new Error("There is no such control.");
  const assessor = new Assessor([{ ...control, message: "Covered by {{ facts.budget }}." }]);
  const key = { apiGroup: "", kind: "Pod", namespace: "", name: "web" };
  const pod = { kind: "Pod", spec: { hostNetwork: true, containers: [] } };
  const subject: Subject = { key, appliesTo: "Workload", object: pod, facts: { budget: "a-budget" } };
  expect([...(toldLate(assessor, [subject])[0]?.values() ?? [])]).toMatchObject([
    { outcome: "unhealthy", evidence: [{ message: "Covered by a-budget." }] },
  ]);
});

it("lets no pool be all of a cluster's before facts tell so", () => {
  const pools = controls.filter(({ forEach }) => forEach === "nodePool");
  const key = { apiGroup: "", kind: "ManagedCluster", namespace: "", name: "eks" };
  const object = { distribution: "eks", nodePools: [{ name: "a" }] };
  const cluster: Subject = { key, appliesTo: "ManagedCluster", object, facts: { nodesOutsidePools: 2 } };
  const assessor = new Assessor(pools);
  expect([...(toldLate(assessor, [cluster])[0] ?? [])]).toEqual([...told(assessor, cluster)]);
  expect([...(toldLate(assessor, [cluster])[0] ?? [])]).not.toEqual([...told(assessor, { ...cluster, facts: {} })]);
});

it("asks every cluster for its own distribution", () => {
  const [limited] = controls.filter(
    ({ appliesTo: { resources, distributions } }) =>
      resources.includes("ManagedCluster") && distributions?.includes("eks") && !distributions.includes("aks"),
  );
  if (limited === undefined) throw new Error("No control is for EKS clusters alone.");
  const assessor = new Assessor([limited]);
  const outcomeOn = (distribution: string) => {
    const key = { apiGroup: "", kind: "ManagedCluster", namespace: "", name: distribution };
    const subject: Subject = { key, appliesTo: "ManagedCluster", object: { distribution }, facts: {} };
    return told(assessor, subject).get(limited.id)?.outcome;
  };
  expect(outcomeOn("aks")).toBe("not_applicable");
  expect(outcomeOn("eks")).not.toBe("not_applicable");
});
