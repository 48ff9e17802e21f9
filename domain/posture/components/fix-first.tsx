import { withParameters } from "@/components/address";
import { plural } from "@/components/format";
import { Section } from "@/components/section";
import { TabLinks } from "@/components/tab-links";
import { byOwn, byWorst, ownRaises } from "../order";
import type { Recommendation } from "../queries";
import { RecommendationTable } from "./tables";

export const FIX_ORDERS = ["increase", "worst"] as const;
export type FixOrder = (typeof FIX_ORDERS)[number];

const SHOWN = 12;
const LABELS: Readonly<Record<FixOrder, string>> = { worst: "Worst first", increase: "By what people can gain" };
const WHY: Readonly<Record<FixOrder, string>> = {
  worst:
    "Severity says how far the gap lets an attacker get, so the gravest come first; among equals, what raises the score most.",
  increase:
    "What raises the score most of all that people can change: the namespaces that a cluster makes for itself are left out. Increases need not add up.",
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
  const raising = stable.filter(ownRaises).sort(byOwn);
  const shown = order === "worst" ? stable.sort(byWorst) : raising;
  const preview = order === "worst" ? rows.length - stable.length : 0;
  const rest = rows.length - raising.length;
  return (
    <Section
      title="What to fix first"
      more={{
        href: withParameters(LIST[order], place),
        label: order === "increase" ? `All ${rows.length}` : `All ${shown.length}${preview === 0 ? "" : " that score"}`,
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
        {order === "worst" || rest === 0
          ? ""
          : ` ${plural(rest, "more", "more")} raise it by nothing that shows: what they fail fails another control too, is the cluster’s own, or is not scored.`}
      </p>
      {shown.length === 0 ? (
        <p className="mut">
          {rows.length === 0
            ? "No control that could be evaluated has an unhealthy resource."
            : "No single control raises the score by what is printed."}
        </p>
      ) : (
        <RecommendationTable
          rows={shown.slice(0, SHOWN)}
          points={order === "worst" ? "increase" : "own"}
          place={place}
        />
      )}
    </Section>
  );
}
