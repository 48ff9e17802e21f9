import Link from "next/link";
import type { ReactNode } from "react";
import { withParameters } from "@/components/address";
import { CouldNotLook, Empty } from "@/components/empty";
import { count, plural } from "@/components/format";
import type { Assessed } from "@/domain/inventory/sight";

/** Assessments that were due and could not be made, with the way to their controls. `place`: where, as lists filter by it. */
function NotMade({ assessed: { expected, evaluated }, place }: { assessed: Assessed; place: { cluster?: string } }) {
  const missing = expected - evaluated;
  return (
    <>
      {count(missing)} of {plural(expected, "assessment")} could not be made, and{" "}
      {missing === 1 ? "it counts" : "they count"} neither as healthy nor as a finding.{" "}
      <Link
        className="lnk"
        href={withParameters("/recommendations", { state: "not-evaluated", maturity: "stable", ...place })}
        prefetch={false}
      >
        By control
      </Link>
    </>
  );
}

/** Nothing is open, said as far as was looked: ticked, with `children`, only where every assessment that was due was made. */
export function NothingOpen({
  title,
  assessed,
  place = {},
  children,
}: {
  title: string;
  assessed: Assessed;
  place?: { cluster?: string };
  children: ReactNode;
}) {
  if (assessed.expected === 0)
    return <CouldNotLook>Nothing was there to evaluate yet, so nothing can be said.</CouldNotLook>;
  if (assessed.evaluated < assessed.expected)
    return (
      <Empty title={`${title} among what could be evaluated`}>
        <p>
          <NotMade assessed={assessed} place={place} />
        </p>
      </Empty>
    );
  return (
    <Empty holds title={title}>
      {children}
    </Empty>
  );
}
