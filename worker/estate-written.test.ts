import { afterAll, beforeAll, expect, test } from "vitest";
import { openReader } from "@/connectors/kubernetes/reader";
import { bound, openWorld, readerOptions, type World } from "@/connectors/testing/bound";
import { Estate } from "@/connectors/testing/estate";
import type { Distribution } from "@/domain/inventory/schema";
import { loadControls } from "@/domain/posture/load";
import { collect } from "./scan/collect";
import { planScan } from "./scan/plan";

let estate: Estate;
let world: World;
beforeAll(async () => {
  estate = await Estate.start();
  await estate.freeze();
  world = await openWorld(estate);
});
afterAll(() => estate?.stop());

/** What a first scan of a cluster of the estate sees and decides. */
async function scanned(distribution: Distribution, name: string) {
  for (const { discover, access } of bound(world, distribution)) {
    const cluster = (await discover()).clusters.find((one) => one.name === name);
    if (cluster === undefined) continue;
    const reader = openReader(await access(cluster), readerOptions);
    try {
      const collected = await collect(reader, new Map());
      const input = { stored: new Map(), collected, controls: loadControls(), clusterName: name, full: false };
      const steps = planScan({ ...input, managed: cluster.managed, distribution, now: new Date() });
      for (let step = steps.next(); ; step = steps.next()) if (step.done) return { collected, plan: step.value };
    } finally {
      await reader.close();
    }
  }
  throw new Error(`the estate has no ${name}`);
}
type Scanned = Awaited<ReturnType<typeof scanned>>;
const outcomes = ({ plan }: Scanned, kind: string, control: string) =>
  [...plan.decisions.values()].flatMap(({ key, after }) =>
    key.kind === kind ? [`${key.name} ${after?.outcomes?.[control] ?? "none"}`] : [],
  );

test("ConfigMaps are judged where the reader was given the right, and nowhere does a value stay", async () => {
  const granted = await scanned("aks", "aks-dev-weu-1");
  expect(new Set(outcomes(granted, "ConfigMap", "SW-0481"))).toEqual(new Set(["kube-root-ca.crt h", "settings u"]));
  const without = await scanned("aks", "aks-payments-weu-1");
  expect(outcomes(without, "ConfigMap", "SW-0481")).toEqual([]);
  expect(without.collected.gaps).toEqual([]);
  for (const { collected, plan } of [granted, without]) {
    const kept = [[...collected.sightings.values()], plan.writes, [...plan.decisions]];
    expect(JSON.stringify(kept)).not.toContain("SEAWALL-CANARY");
  }
});

test("a policy that was applied in beta days can't be deployed any more after the cluster's upgrade", async () => {
  const seen = await scanned("eks", "eks-prod-use1-1");
  expect(outcomes(seen, "ValidatingAdmissionPolicy", "SW-0273")).toEqual(["deny-privileged u"]);
  expect(outcomes(seen, "ValidatingAdmissionPolicyBinding", "SW-0273")).toEqual(["deny-privileged h"]);
  const evidence = [...seen.plan.decisions.values()].flatMap(({ verdict }) =>
    (verdict?.failing.get("SW-0273") ?? []).map(({ message }) => message),
  );
  expect(evidence).toContain(
    "Written through admissionregistration.k8s.io/v1beta1 (gone since 1.34: use admissionregistration.k8s.io/v1).",
  );
});
