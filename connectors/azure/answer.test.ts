import { expect, it } from "vitest";
import { reader } from "./answer";

it("reads a name in any spelling, and nothing from two that disagree", () => {
  const read = reader({
    ...{ enableRBAC: true, aadProfile: { enableAzureRbac: false, EnableAzureRBAC: false } },
    ...{ podIdentityProfile: null, PodIdentityProfile: { enabled: true } },
    ...{ disableLocalAccounts: true, DisableLocalAccounts: false },
  });
  expect(read.flag(["enableRbac"])).toBe(true);
  expect(read.flag(["aadProfile", "enableAzureRBAC"])).toBe(false);
  expect(read.flag(["disableLocalAccounts"], false)).toBeUndefined();
  expect(read.flag(["podIdentityProfile", "enabled"], false)).toBeUndefined();
  expect(read.entries(["podIdentityProfile"])).toBeNull();
  expect(read.isThere(["podIdentityProfile"])).toBe(true);
});

it("goes through the names of an object once, however many leaves are not there", () => {
  let walks = 0;
  const ownKeys = (of: object): (string | symbol)[] => {
    walks += 1;
    return Reflect.ownKeys(of);
  };
  const answer = new Proxy({ there: 1 }, { ownKeys });
  const read = reader(answer);
  for (const name of ["a", "b", "c"]) expect(read.count([name])).toBeUndefined();
  expect(reader(answer).count(["THERE"])).toBe(1);
  expect(walks).toBe(1);
});
