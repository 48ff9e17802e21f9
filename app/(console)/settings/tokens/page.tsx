import type { Metadata } from "next";
import { Empty } from "@/components/empty";
import { plural } from "@/components/format";
import { PageHead, Section } from "@/components/section";
import { NewToken } from "@/domain/access/api-token/components/token-form";
import { TokenTable } from "@/domain/access/api-token/components/token-table";
import { listTokens } from "@/domain/access/api-token/queries";
import { visibleAccounts } from "@/domain/access/queries";
import { strongestRole } from "@/domain/access/scope";
import { requireScope } from "@/domain/access/session";
import { readerZone } from "../../../zone";

export const metadata: Metadata = { title: "API tokens" };

export default async function TokensPage() {
  const scope = await requireScope();
  const [tokens, accounts, zone] = await Promise.all([listTokens(scope), visibleAccounts(scope), readerZone()]);
  const role = strongestRole(scope);
  const active = tokens.filter((token) => token.state === "active").length;
  return (
    <>
      <PageHead title="API tokens" sub="What scripts and pipelines sign in with, for the API and for exports">
        {role === undefined ? null : (
          <NewToken accounts={accounts} everything={scope.accountIds === null} mayWrite={role !== "Security Reader"} />
        )}
      </PageHead>
      <Section title="Tokens" remark={`${plural(active, "active token")}; ended ones stay here for 90 days`}>
        {tokens.length === 0 ? (
          <Empty title="No token has been made">
            <p>A token acts for whoever made it, for a limited time. It is shown once, when it is made.</p>
          </Empty>
        ) : (
          <TokenTable tokens={tokens} self={scope.userId} now={new Date()} timeZone={zone} />
        )}
      </Section>
    </>
  );
}
