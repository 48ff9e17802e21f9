"use server";

import type { ReactNode } from "react";
import { hasRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { FindingDetailView } from "@/domain/posture/components/finding-detail";
import { choicesOf } from "@/domain/posture/exemption/choice";
import { ExemptDialog } from "@/domain/posture/exemption/components/exempt-dialog";
import { exemptionRuleInForce } from "@/domain/posture/exemption/queries";
import { readFinding } from "@/domain/posture/finding/page/queries";
import { excerpt } from "@/domain/posture/fix/excerpt";
import { fixFor } from "@/domain/posture/fix/fix";
import { fixTarget } from "@/domain/posture/fix/queries";
import { controlCatalogue } from "@/domain/posture/queries";
import { uuid } from "@/lib/uuid";
import { readerZone } from "../../zone";

/** One finding as it stands in the drawer, drawn on the server: the fix needs the catalogue and the object. */
export async function drawFinding(id: string): Promise<ReactNode> {
  const scope = await requireScope();
  const known = uuid().safeParse(id);
  const [finding, target, controls, zone, rule] = await Promise.all([
    known.success ? readFinding(scope, known.data) : null,
    known.success ? fixTarget(scope, known.data) : null,
    controlCatalogue(),
    readerZone(),
    exemptionRuleInForce(scope),
  ]);
  if (finding === null)
    return (
      <p className="mut">
        There is no such finding among what you may see. It may be of an account that was removed, or that is not yours
        to see.
      </p>
    );
  const control = controls.get(finding.control.id);
  const path = finding.evidence[0]?.path;
  return (
    <FindingDetailView
      finding={finding}
      exempt={
        finding.state !== "open" || finding.exemption !== null ? null : !hasRole(
            scope,
            "Security Admin",
            finding.account.id,
          ) ? (
          <p className="sm mut">
            Only a Security Admin or an Owner of this account can exempt it. Ask one, with the link to this finding.
          </p>
        ) : (
          <ExemptDialog
            approval={rule.approval}
            choices={choicesOf(finding).filter(({ targets }) =>
              targets.every(
                ({ account, cluster }) => cluster !== undefined || hasRole(scope, "Security Admin", account),
              ),
            )}
            small
          />
        )
      }
      control={control}
      fix={control === undefined || target === null ? null : fixFor(control, target)}
      excerpt={target === null || path === undefined ? null : excerpt(target.object, path)}
      now={new Date()}
      timeZone={zone}
    />
  );
}
