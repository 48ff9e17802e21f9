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

it("says of a subject what each control says alone, whatever was judged before it", () => {
  const cluster = { distribution: "gke" };
  const params = new Map([["SW-0359", { guards: "^another$" }]]);
  const assessor = new Assessor(controls, cluster, params);
  for (const subject of subjects) {
    const alone = assessor.controlsOf(subject.appliesTo).map((control): [string, Assessment] => {
      const own = params.get(control.id);
      return [control.id, assess(control, subject, own === undefined ? { cluster } : { cluster, params: own })];
    });
    expect([...told(assessor, subject)]).toEqual(alone);
  }
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
