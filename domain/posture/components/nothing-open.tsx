import type { ReactNode } from "react";
import { CouldNotLook, Empty } from "@/components/empty";
import type { Assessed } from "@/domain/inventory/sight";
import { NotMade } from "./not-made";

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
