import { expect, it } from "vitest";
import { ForbiddenError, mintScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { addAccount, addCluster, useOneCluster } from "../testing/estate";
import { attest } from "./mutations";

const [leaving, left, old, twin, third] = [uuidv7(), uuidv7(), uuidv7(), uuidv7(), uuidv7()];
const [foreign, hidden, alias, further] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
const ids = useOneCluster(async ({ account, web }) => {
  await addAccount(leaving, "leaving");
  await addAccount(foreign, "foreign");
  await addCluster(hidden, foreign, "hidden", false);
  await addCluster(left, leaving, "left", false);
  await pool().query(`UPDATE "Account" SET "removedAt" = now() WHERE id = $1`, [leaving]);
  for (const [id, name, of] of [
    [old, "old", null],
    [twin, "twin", web],
    [third, "third", twin],
    [alias, "alias", hidden],
    [further, "further", alias],
  ] as const) {
    await addCluster(id, account, name, false);
    await pool().query(`UPDATE "Cluster" SET "goneAt" = now(), "aliasOf" = $2 WHERE id = $1`, [id, of]);
  }
});
const owner = mintScope("u", "Ada", [{ role: "Owner", accountId: null }]);
const admin = mintScope("v", "Bo", [{ role: "Security Admin", accountId: ids.account }]);
const reader = mintScope("w", "Cy", [{ role: "Security Reader", accountId: null }]);

const saying = (scope: "account" | "cluster", id: string) => ({
  ...{ benchmark: "cis-eks-1.8.0", requirement: "4.5.1", place: { scope, id }, state: "met" as const },
  ...{ evidence: "Looked at the list.", link: null, until: new Date(Date.now() + 86_400_000).toISOString() },
});

it.each([
  ["account", leaving, "The account leaving is being removed."],
  ["cluster", left, "The account of the cluster left is being removed."],
  ["cluster", old, "The cluster old is gone."],
  ["cluster", twin, "The cluster twin is a second name of web. Attest there."],
  ["cluster", third, "The cluster third is a second name of web. Attest there."],
  ["cluster", further, "The cluster further is a second name of hidden. Attest there."],
] as const)("refuses a place that nothing is read of any more, and says why: %s", async (scope, id, why) => {
  const input = saying(scope, id);
  await expect(attest(owner, input)).rejects.toThrow(expect.objectContaining({ message: why, missing: false }));
  await expect(attest(reader, input)).rejects.toThrow(ForbiddenError);
  expect((await pool().query(`SELECT 1 FROM "Attestation"`)).rowCount).toBe(0);
});

it.each([
  [alias, "The cluster alias is a second name of a cluster of another account."],
  [further, "The cluster further is a second name of a cluster of another account."],
  [third, "The cluster third is a second name of web. Attest there."],
])("names the first cluster only to who may see it: %s", async (id, message) => {
  await expect(attest(admin, saying("cluster", id))).rejects.toThrow(expect.objectContaining({ message }));
});
