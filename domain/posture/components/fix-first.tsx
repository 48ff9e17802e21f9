import { withParameters } from "@/components/address";
import { plural } from "@/components/format";
import { Section } from "@/components/section";
import { TabLinks } from "@/components/tab-links";
import { byIncrease, byWorst } from "../order";
import type { Recommendation } from "../queries";
import { RecommendationTable } from "./tables";

export const FIX_ORDERS = ["worst", "increase"] as const;
export type FixOrder = (typeof FIX_ORDERS)[number];

const SHOWN = 12;
const LABELS: Readonly<Record<FixOrder, string>> = { worst: "Worst first", increase: "By potential increase" };
const WHY: Readonly<Record<FixOrder, string>> = {
  worst:
    "Severity says how far the gap lets an attacker get, so the gravest come first; among equals, what raises the score most.",
  increase:
    "What raises the score most, however grave: a small gap in many resources can be worth more points than a grave one in few. Increases need not add up.",
};
const LIST: Readonly<Record<FixOrder, string>> = {
  worst: "/recommendations?maturity=stable&sort=-severity",
  increase: "/recommendations?sort=-increase",
};

/** The one answer to what to fix first, with the score's own order as another view of it. `hrefOf`: the page in that order. */
export function FixFirst({
  rows,
  order,
  place,
  hrefOf,
}: {
  rows: readonly Recommendation[];
  order: FixOrder;
  /** The accounts that the rows are of, as the list filters by them. */
  place: { account?: string };
  hrefOf: (order: FixOrder) => string;
}) {
  const stable = rows.filter(({ control }) => control.maturity === "stable");
  const shown = order === "worst" ? stable.sort(byWorst) : [...rows].sort(byIncrease);
  const preview = rows.length - shown.length;
  return (
    <Section
      title="What to fix first"
      more={{
        href: withParameters(LIST[order], place),
        label: `All ${shown.length}${preview === 0 ? "" : " that score"}`,
      }}
    >
      <TabLinks
        label="Order"
        tabs={FIX_ORDERS.map((each) => ({ href: hrefOf(each), label: LABELS[each], current: each === order }))}
      />
      <p className="sm mut why-order">
        {WHY[order]}
        {preview === 0
          ? ""
          : ` ${plural(preview, "control")} in preview ${preview === 1 ? "is" : "are"} not scored and left out.`}
      </p>
      {shown.length === 0 ? (
        <p className="mut">No control that could be evaluated has an unhealthy resource.</p>
      ) : (
        <RecommendationTable rows={shown.slice(0, SHOWN)} place={place} />
      )}
    </Section>
  );
}
