"use client";

import { useEffect, useState } from "react";
import { Mark, type MarkName } from "@/components/marks";
import type { TestState } from "../schema";

const MARKS: Readonly<Record<TestState["checks"][number]["outcome"], { mark: MarkName; word: string }>> = {
  ok: { mark: "healthy", word: "Works" },
  failed: { mark: "failed", word: "Failed" },
  not_tested: { mark: "unknown", word: "Not tested" },
};

/** The connection test, polled while it is under way. */
export function TestResult({ accountId, initial }: { accountId: string; initial: TestState }) {
  const [test, setTest] = useState(initial);
  const pending = test.state === "waiting" || test.state === "running";
  useEffect(() => setTest(initial), [initial]);
  useEffect(() => {
    if (!pending) return;
    const timer = setInterval(async () => {
      const response = await fetch(`/api/v1/accounts/${accountId}/test`).catch(() => null);
      if (response?.ok) setTest((await response.json()) as TestState); // our own route's answer
    }, 1500);
    return () => clearInterval(timer);
  }, [accountId, pending]);
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
                <td className="mut wrap">{check.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
