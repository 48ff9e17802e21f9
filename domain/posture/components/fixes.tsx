import { CodeTabs } from "@/components/code-tabs";
import { Name } from "@/components/name";
import { Prose } from "@/components/prose";
import { distributionWord } from "@/domain/inventory/components/words";
import type { Fix, FixTarget } from "../fix/fix";

/** One fix for each cloud where the control fails, filled in with a resource of that cloud. */
export function Fixes({ fixes }: { fixes: readonly { target: FixTarget; fix: Fix }[] }) {
  return (
    <div className="fixes">
      {fixes.map(({ target, fix }) => (
        <section key={target.distribution} aria-label={distributionWord(target.distribution)}>
          <h3>
            {distributionWord(target.distribution)}
            <span className="dim">
              {" "}
              for {target.kind === "ManagedCluster" ? "cluster" : target.kind}{" "}
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
