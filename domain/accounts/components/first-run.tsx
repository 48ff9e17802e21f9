import Link from "next/link";
import { PageHead } from "@/components/section";
import { type AccountScope, hasRole } from "@/domain/access/scope";

/** Nothing is connected: the one next step. A scope that reaches no account is told so instead; the two must not look alike. */
export function FirstRun({ scope }: { scope: AccountScope }) {
  const may = hasRole(scope, "Security Admin");
  if (scope.accountIds !== null) {
    return (
      <PageHead
        title="No account is open to you"
        sub="Whether any is connected cannot be told from here: your roles reach none. Ask an Owner for a role on the accounts you look after."
      />
    );
  }
  return (
    <>
      <PageHead
        title="Connect your first account"
        sub="Seawall reads; it changes nothing in your clouds or clusters."
      />
      <div className="first">
        <ol className="stepsn">
          <li>
            <span className="no">1</span>
            <span>Connect an Azure subscription, an AWS account or a GCP project with a read-only identity.</span>
          </li>
          <li>
            <span className="no">2</span>
            <span>
              Seawall tests the connection and names what is missing; each scan names what its own cluster refuses.
            </span>
          </li>
          <li>
            <span className="no">3</span>
            <span>Clusters are found and scanned; score, coverage and findings appear here.</span>
          </li>
        </ol>
        <div className="acts">
          {may ? (
            <Link className="btn pri" href="/accounts/connect">
              Connect an account
            </Link>
          ) : (
            <p className="mut">Connecting needs a Security Admin or an Owner.</p>
          )}
        </div>
      </div>
    </>
  );
}
