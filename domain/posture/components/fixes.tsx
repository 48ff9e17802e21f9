import { CodeTabs } from "@/components/code-tabs";
import { Name } from "@/components/name";
import { Prose } from "@/components/prose";
import { distributionWord } from "@/domain/inventory/components/words";
import type { Distribution } from "@/domain/inventory/schema";
import { type Fix, type FixTarget, isFilledIn } from "../fix/fix";

/** One fix for all clouds that need the same, filled in with a resource of one of them where there is something to fill in. */
export function Fixes({
  fixes,
}: {
  fixes: readonly { distributions: readonly Distribution[]; target: FixTarget; fix: Fix }[];
}) {
  return (
    <div className="fixes">
      {fixes.map(({ distributions, target, fix }) => (
        <section key={distributions.join()} aria-label={distributions.map(distributionWord).join(", ")}>
          <h3>
            {distributions.map(distributionWord).join(", ")}
            {isFilledIn(fix, target) ? <FilledFor target={target} among={distributions.length > 1} /> : null}
          </h3>
          <p className="mut fix-steps">
            <Prose text={fix.steps} />
          </p>
          <CodeTabs tabs={fix.blocks} />
        </section>
      ))}
    </div>
  );
}

/** Whose names stand in the fix. `among`: it is the fix of other distributions too. */
function FilledFor({ target, among }: { target: FixTarget; among: boolean }) {
  return (
    <span className="dim">
      {" "}
      {among ? "filled in " : ""}for {target.kind === "ManagedCluster" ? "cluster" : target.kind}{" "}
      <Name text={target.namespace === "" ? target.name : `${target.namespace}/${target.name}`} />
      {target.kind === "ManagedCluster" ? null : (
        <>
          {" "}
          in <Name text={target.cluster} />
        </>
      )}
    </span>
  );
}
