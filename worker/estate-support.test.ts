import { expect, test } from "vitest";
import { Estate } from "@/connectors/testing/estate";
import { isKubernetesSupported } from "@/domain/inventory/lifecycle";

const DAY = 86_400_000;
/** Demos are made between these days; before the last of them the estate's versions and the table of support are looked at again. */
const [FROM, UNTIL] = [Date.parse("2026-11-22"), Date.parse("2027-03-15")];

test("no support of the estate's versions ends while demos are made: what they tell does not depend on the day", async () => {
  const estate = await Estate.start();
  try {
    const ending: string[] = [];
    for (const { id, version, distribution } of await estate.clusters())
      for (let day = FROM; day < UNTIL; day += DAY) {
        const [before, after] = [day, day + DAY].map((at) =>
          isKubernetesSupported(version, distribution, new Date(at)),
        );
        if (before !== after || before === undefined) ending.push(`${id} ${version}: ${new Date(day).toISOString()}`);
      }
    expect(ending).toEqual([]);
  } finally {
    await estate.stop();
  }
});
