import Link from "next/link";
import { withParameters } from "@/components/address";
import { count, plural } from "@/components/format";
import type { Assessed } from "@/domain/inventory/sight";

/** Where assessments that could not be made are listed by their controls. `place`: where, as lists filter by it. */
export const notMadeHref = (place: Readonly<{ account?: string; cluster?: string }>): string =>
  withParameters("/recommendations", { state: "not-evaluated", maturity: "stable", ...place });

/** The way there. */
export const ByControl = ({ place }: { place: Readonly<{ account?: string; cluster?: string }> }) => (
  <Link className="lnk" href={notMadeHref(place)} prefetch={false}>
    By control
  </Link>
);

/** Assessments that were due and could not be made, with the way to their controls. */
export function NotMade({
  assessed: { expected, evaluated },
  place,
}: {
  assessed: Assessed;
  place: { cluster?: string };
}) {
  const missing = expected - evaluated;
  return (
    <>
      {count(missing)} of {plural(expected, "assessment")} could not be made, and{" "}
      {missing === 1 ? "it counts" : "they count"} neither as healthy nor as a finding. <ByControl place={place} />
    </>
  );
}
