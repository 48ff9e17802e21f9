import "server-only";
import type { AccountScope } from "@/domain/access/scope";
import { pool } from "@/lib/db";
import type { Distribution } from "../schema";
import type { Directory } from "./directory";

/** Names of all clusters that the scope sees. */
export async function clusterDirectory(scope: AccountScope): Promise<Directory> {
  const { rows } = await pool().query<[string, string, string, string, Distribution]>({
    rowMode: "array",
    text: `SELECT c.id, c.name, c."accountId", a.name, c.distribution FROM "Cluster" c JOIN "Account" a ON a.id = c."accountId"
           WHERE $1::uuid[] IS NULL OR c."accountId" = ANY($1)`,
    values: [scope.accountIds],
  });
  return new Map(
    rows.map(([id, name, accountId, accountName, distribution]) => [
      id,
      { name, accountId, accountName, distribution },
    ]),
  );
}
