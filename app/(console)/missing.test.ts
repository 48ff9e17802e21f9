import { expect, it } from "vitest";
import type { Missing } from "@/domain/inventory/missing";
import type { Gap } from "@/domain/inventory/schema";
import { missingReasons } from "./missing";

const cluster = (name: string, amount: number, missing: Missing, reasons: Gap[] = []) => ({
  ...{ name, expected: 100, evaluated: 100 - amount, missing, reasons },
});
const denied: Gap = { code: "denied", what: "roles", message: "no" };

it("says of each assessment why it could not be made, and blames the cloud for its own alone", () => {
  const reasons = missingReasons([
    cluster("prod", 15, { kubelets: 14, "config-maps": 1 }),
    cluster("shop", 17, { kubelets: 14, "config-maps": 1, cloud: 2 }),
    cluster("gke", 30, { unlisted: 20, "not-rechecked": 7, cloud: 3 }, [denied]),
    cluster("whole", 0, {}),
  ]);
  expect(reasons).toEqual([
    { amount: 28, text: "kubelets: the identity lacks the optional right to get nodes/proxy, 2 clusters" },
    { amount: 20, text: "roles may not be read, gke" },
    { amount: 7, text: "open findings that could not be checked again, gke" },
    { amount: 5, text: "facts that the cloud did not tell, 2 clusters" },
    { amount: 2, text: "ConfigMaps: the identity lacks the optional right to list and judge configmaps, 2 clusters" },
  ]);
});

it("makes no reason up where the last scan told none, and loses no amount of many", () => {
  expect(missingReasons([cluster("old", 4, {})])).toEqual([
    { amount: 4, text: "for reasons that the next scan tells, old" },
  ]);
  const many = missingReasons([
    cluster("all", 36, {
      ...{ unlisted: 8, kubelets: 7, "silent-kubelets": 6, "config-maps": 5 },
      ...{ flags: 4, cloud: 3, facts: 2, error: 1 },
    }),
  ]);
  expect(many.at(-1)).toEqual({ amount: 3, text: "for other reasons" });
  expect(many.reduce((sum, { amount }) => sum + amount, 0)).toBe(36);
});
