"use server";

import type { ReactNode } from "react";
import { requireScope } from "@/domain/access/session";
import { ScoreDetailView } from "@/domain/posture/components/score-detail";
import { readScorePoint } from "@/domain/posture/score/detail/queries";
import { uuid } from "@/lib/uuid";
import { readerZone } from "../../zone";

/** One point of a score with its ledger, as it stands in the drawer. */
export async function drawScore(id: string): Promise<ReactNode> {
  const scope = await requireScope();
  const known = uuid().safeParse(id);
  const point = known.success ? await readScorePoint(scope, known.data) : null;
  if (point === null) return <p className="mut">There is no such point among what you may see.</p>;
  return <ScoreDetailView point={point} timeZone={await readerZone()} />;
}
