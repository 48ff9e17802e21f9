"use server";

import type { ReactNode } from "react";
import { requireScope } from "@/domain/access/session";
import { ScanDetailView } from "@/domain/inventory/components/scan-detail";
import { readScan } from "@/domain/inventory/scan/detail/queries";
import { uuid } from "@/lib/uuid";
import { readerZone } from "../../zone";

/** One scan as it stands in the drawer. */
export async function drawScan(id: string): Promise<ReactNode> {
  const scope = await requireScope();
  const known = uuid().safeParse(id);
  const scan = known.success ? await readScan(scope, known.data) : null;
  if (scan === null) return <p className="mut">There is no such scan among what you may see.</p>;
  return <ScanDetailView scan={scan} timeZone={await readerZone()} />;
}
