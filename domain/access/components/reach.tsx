"use client";

import { useState } from "react";

/** Everything, or named accounts. Who may not give everything chooses accounts. */
export function Reach({
  legend,
  everything,
  accounts,
  chosen,
  problem,
}: {
  legend: string;
  /** What "everything" means here; null when it may not be chosen. */
  everything: string | null;
  accounts: readonly { id: string; name: string }[];
  /** Accounts that are chosen at first; null, or left out, for everything. */
  chosen?: readonly string[] | null;
  problem: string | undefined;
}) {
  const [all, setAll] = useState(everything !== null && (chosen ?? null) === null);
  return (
    <fieldset className="reach">
      <legend>{legend}</legend>
      {everything === null ? null : (
        <label className="check">
          <input type="radio" name="reach" value="everything" checked={all} onChange={() => setAll(true)} />
          <span>{everything}</span>
        </label>
      )}
      <label className="check">
        <input type="radio" name="reach" value="accounts" checked={!all} onChange={() => setAll(false)} />
        <span>Only these accounts</span>
      </label>
      {all ? null : (
        <ul className="reach-list">
          {accounts.map((account) => (
            <li key={account.id}>
              <label className="check">
                <input
                  type="checkbox"
                  className="ck"
                  name="account"
                  value={account.id}
                  defaultChecked={chosen?.includes(account.id) === true}
                />
                <span className="wrap">
                  <bdi>{account.name}</bdi>
                </span>
              </label>
            </li>
          ))}
          {accounts.length === 0 ? <li className="dim">No account is connected yet.</li> : null}
        </ul>
      )}
      {problem === undefined ? null : <small>{problem}</small>}
    </fieldset>
  );
}
