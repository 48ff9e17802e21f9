import { CodeTabs } from "@/components/code-tabs";
import { Name } from "@/components/name";
import { Prose } from "@/components/prose";
import { distributionWord } from "@/domain/inventory/components/words";
import type { Distribution } from "@/domain/inventory/schema";
import type { Fix, FixTarget } from "../fix/fix";

/** One fix for all clouds that need the same, filled in with a resource of one of them. */
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
            <span className="dim">
              {" "}
              {distributions.length > 1 ? "filled in " : ""}for{" "}
              {target.kind === "ManagedCluster" ? "cluster" : target.kind}{" "}
              <Name text={target.namespace === "" ? target.name : `${target.namespace}/${target.name}`} />
              {target.kind === "ManagedCluster" ? null : (
                <>
                  {" "}
                  in <Name text={target.cluster} />
                </>
              )}
            </span>
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
