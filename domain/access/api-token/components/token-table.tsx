import { Confirm } from "@/components/confirm";
import { TableHead } from "@/components/table-head";
import { When } from "@/components/when";
import { takeToken } from "../actions";
import type { TokenRow } from "../schema";

const WEEK_MS = 7 * 24 * 3600 * 1000;

/** A week before its end, of a short life the last quarter. */
const isSoon = ({ createdAt, expiresAt }: TokenRow, now: Date): boolean =>
  expiresAt.getTime() - now.getTime() < Math.min(WEEK_MS, (expiresAt.getTime() - createdAt.getTime()) / 4);

function End({ token, now, timeZone }: { token: TokenRow; now: Date; timeZone: string }) {
  if (token.state === "revoked") return <span className="dim">revoked</span>;
  if (token.state === "expired") return <span className="dim">ended</span>;
  const soon = isSoon(token, now);
  return (
    <span style={soon ? { fontWeight: 600 } : undefined}>
      <When at={token.expiresAt} timeZone={timeZone} />
      {soon ? " soon" : ""}
    </span>
  );
}

/** Tokens with what they may, where, since when and until when; each can be revoked at once. */
export function TokenTable({
  tokens,
  self,
  now,
  timeZone,
}: {
  tokens: readonly TokenRow[];
  self: string | null;
  now: Date;
  timeZone: string;
}) {
  const others = tokens.some((token) => token.userId !== self);
  return (
    <table className="flow t-plain">
      <thead>
        <tr>
          <TableHead>Token</TableHead>
          {others ? <TableHead>Of</TableHead> : null}
          <TableHead>May</TableHead>
          <TableHead>Reaches</TableHead>
          <TableHead>Last used</TableHead>
          <TableHead>Ends</TableHead>
          <TableHead hidden>Action</TableHead>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr key={token.id} className={token.state === "active" ? undefined : "old"}>
            <td className="wrap">
              <span style={{ fontWeight: 500 }}>{token.name}</span> <code className="dim nw">sw_…{token.hint}</code>
            </td>
            {others ? (
              <td className="wrap" data-l="Of">
                <bdi>{token.userId === self ? "you" : token.maker}</bdi>
              </td>
            ) : null}
            <td data-l="May">{token.scopes.join(", ")}</td>
            <td className="wrap" data-l="Reaches">
              {token.accounts === null ? "all its maker sees" : token.accounts.join(", ") || "no account any more"}
            </td>
            <td className="nw" data-l="Last used">
              {token.lastUsedAt === null ? (
                <span className="dim">never</span>
              ) : (
                <>
                  <When at={token.lastUsedAt} now={now} timeZone={timeZone} suffix=" ago" />
                  {token.lastUsedAddress === null ? null : <span className="dim"> {token.lastUsedAddress}</span>}
                </>
              )}
            </td>
            <td className="nw" data-l="Ends">
              <End token={token} now={now} timeZone={timeZone} />
            </td>
            <td className="num">
              {token.state !== "active" ? null : (
                <Confirm
                  label="Revoke"
                  title={`Revoke ${token.name}?`}
                  action={takeToken.bind(null, token.id)}
                  done="Token revoked"
                  small
                >
                  Whatever uses it is refused from now on. This cannot be undone.
                </Confirm>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
