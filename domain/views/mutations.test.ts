import { expect, it } from "vitest";
import { mintScope } from "@/domain/access/scope";
import { makePerson } from "@/domain/access/testing/personas";
import { pool } from "@/lib/db";
import { uuidv7 } from "@/lib/id";
import { useTestDatabase } from "@/lib/testing/use-database";
import { dropView, keepView } from "./mutations";
import { listViews } from "./queries";

useTestDatabase();

const kept = async (scope: ReturnType<typeof mintScope>) =>
  (await listViews(scope, "/findings")).map(({ name }) => name);

it("keeps views per person, and they go with the person", async () => {
  const [anna, bert] = [await makePerson("Anna", []), await makePerson("Bert", [])];
  const [hers, his] = [mintScope(anna, "Anna", []), mintScope(bert, "Bert", [])];
  await keepView(hers, { list: "/findings", name: "Mine", query: "severity=high" });
  await keepView(his, { list: "/findings", name: "His", query: "" });
  expect(await kept(hers)).toEqual(["Mine"]);
  const [view] = await listViews(hers, "/findings");
  await dropView(his, view?.id ?? ""); // another's: nothing happens
  expect(await kept(hers)).toEqual(["Mine"]);
  await pool().query(`DELETE FROM "User" WHERE id = $1`, [anna]);
  expect((await pool().query(`SELECT "userId" FROM "SavedView"`)).rows).toEqual([{ userId: bert }]);
});

it("keeps none of nobody", async () => {
  const insert = pool().query(
    `INSERT INTO "SavedView" (id, "userId", list, name, query) VALUES ($1, 'nobody', '/findings', 'x', '')`,
    [uuidv7()],
  );
  await expect(insert).rejects.toMatchObject({ code: "23503" });
});
