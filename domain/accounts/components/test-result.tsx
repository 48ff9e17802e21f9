"use client";

import { useEffect, useState } from "react";
import { Mark, type MarkName } from "@/components/marks";
import { Breaks } from "@/components/name";
import type { TestState } from "../schema";

const MARKS: Readonly<Record<TestState["checks"][number]["outcome"], { mark: MarkName; word: string }>> = {
  ok: { mark: "healthy", word: "Works" },
  failed: { mark: "failed", word: "Failed" },
  not_tested: { mark: "unknown", word: "Not tested" },
};
const POLL_MS = 1500;

/** Asks again and again until the test has ended. `load` resolves with null when it could not be asked. */
export function useTest<T extends { state: string }>(initial: T, load: () => Promise<T | null>, key: string): T {
  const [test, setTest] = useState(initial);
  const pending = test.state === "waiting" || test.state === "running";
  useEffect(() => setTest(initial), [initial, key]);
  useEffect(() => {
    if (!pending) return;
    const timer = setInterval(async () => {
      const next = await load().catch(() => null);
      if (next !== null) setTest(next);
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [key, pending]);
  return test;
}

/** What a connection test says, as far as it got. */
export function TestTable({ test }: { test: { state: string; checks: TestState["checks"] } }) {
  const pending = test.state === "waiting" || test.state === "running";
  return (
    <div aria-live="polite">
      {pending ? (
        <p className="mut">
          <Mark name="running" /> {test.state === "waiting" ? "The test waits for a worker." : "The test is running."}
        </p>
      ) : null}
      {test.state === "failed" ? (
        <p className="mut">
          <Mark name="failed" /> The test itself failed; try again.
        </p>
      ) : null}
      {test.state === "none" ? <p className="mut">No test result is kept. Run one.</p> : null}
      {test.checks.length === 0 ? null : (
        <table className="flow t-plain">
          <thead>
            <tr>
              <th>Check</th>
              <th>Result</th>
              <th>What was said</th>
            </tr>
          </thead>
          <tbody>
            {test.checks.map((check) => (
              <tr key={`${check.name}${check.message}`}>
                <td className="wrap" style={{ fontWeight: 500 }}>
                  {check.name}
                </td>
                <td className="nw">
                  <Mark name={MARKS[check.outcome].mark} />
                  &ensp;{MARKS[check.outcome].word}
                </td>
                <td className="mut wrap">
                  <Breaks text={check.message} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

/** The connection test of an account, polled while it is under way. */
export function TestResult({ accountId, initial }: { accountId: string; initial: TestState }) {
  const load = async (): Promise<TestState | null> => {
    const response = await fetch(`/api/v1/accounts/${accountId}/test`);
    return response.ok ? ((await response.json()) as TestState) : null; // our own route's answer
  };
  return <TestTable test={useTest(initial, load, accountId)} />;
}
