import { expect, test } from "vitest";
import { type AccountSight, unseenUnder } from "./sight";

const account = (id: string, provider: AccountSight["provider"], told: AccountSight["told"]): AccountSight => ({
  ...{ id, name: id, provider, told },
});
const ACCOUNTS = [
  account("seen", "azure", "all"),
  account("partly", "azure", "part"),
  account("silent", "aws", "nothing"),
  account("new", "gcp", "unasked"),
];

test.each([
  ["", ["partly", "silent", "new"]],
  ["account=seen", []],
  ["account=seen,silent", ["silent"]],
  ["provider=azure", ["partly"]],
  ["distribution=arc", ["partly"]],
  ["distribution=eks&distribution=gke", ["silent", "new"]],
  ["cluster=known", []],
  ["account=", ["partly", "silent", "new"]],
])("under ?%s these accounts were not looked at completely: %j", (address, names) => {
  expect(unseenUnder(new URLSearchParams(address), ACCOUNTS).map(({ id }) => id)).toEqual(names);
});
