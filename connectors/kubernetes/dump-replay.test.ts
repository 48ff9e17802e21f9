import { expect, it } from "vitest";
import { LISTED_KINDS } from "@/domain/inventory/schema";
import { readDumps } from "./dump";
import { asOneList, clusterDumps, DUMPED } from "./testing/dumps";

const inDumps = (of: (typeof DUMPED)[number], kind: string): number => {
  const { items }: { items: { kind: string }[] } = JSON.parse(asOneList(clusterDumps(of)).text.toString("utf8"));
  return items.filter((item) => item.kind === kind).length;
};

it.each(DUMPED)("%s is read whole: every kind, every object, its version and identity", async (of) => {
  const reader = readDumps(clusterDumps(of));
  expect(await reader.version()).toMatch(`v${of.split("-")[1]}.`);
  expect(await reader.clusterUid()).toMatch(/^[0-9a-f-]{36}$/);
  for (const kind of LISTED_KINDS) {
    const pages = reader.list(kind);
    let read = 0;
    for (let step = await pages.next(); ; step = await pages.next()) {
      if (step.done) {
        expect({ kind: kind.kind, ...step.value }).toEqual({ kind: kind.kind, complete: true, gaps: [] });
        break;
      }
      for (const object of step.value) {
        expect(object).toMatchObject({ apiVersion: kind.apiVersion, kind: kind.kind });
        expect(object.metadata).not.toHaveProperty("managedFields");
        read++;
      }
    }
    expect({ kind: kind.kind, read }).toEqual({ kind: kind.kind, read: inDumps(of, kind.kind) });
  }
  expect(inDumps(of, "Pod")).toBeGreaterThan(2);
});
