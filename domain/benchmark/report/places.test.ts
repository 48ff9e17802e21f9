import { expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { uuidv7 } from "@/lib/id";
import { addAccount, addCluster, useEstate } from "../testing/estate";
import { listPlaces } from "./queries";

const [mine, other, empty, web] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
useEstate(async () => {
  await addAccount(mine, "mine");
  await addAccount(other, "theirs");
  await addAccount(empty, "empty");
  await addCluster(web, mine, "web", true);
  await addCluster(uuidv7(), other, "far", true);
});
const owner = mintScope("u", "Ada", [{ role: "Owner", accountId: null }]);
const ownOnly = mintScope("v", "Bo", [{ role: "Security Reader", accountId: mine }]);
const names = async (...asked: Parameters<typeof listPlaces>) => (await listPlaces(...asked)).map(({ name }) => name);

it("offers what one may look at, and of a benchmark for some distributions what holds a cluster of them", async () => {
  expect(await names(owner)).toEqual(["empty", "mine", "theirs", "far", "web"]);
  expect(await names(owner, ["aks", "eks"])).toEqual(["mine", "theirs", "far", "web"]);
  expect(await names(owner, ["aks"])).toEqual([]);
  expect(await names(ownOnly, ["eks"])).toEqual(["mine", "web"]);
});
