import { Mark, type MarkName } from "@/components/marks";

const WORDS: Readonly<Record<string, { mark: MarkName; word: string }>> = {
  healthy: { mark: "complete", word: "Healthy" },
  degraded: { mark: "partial", word: "Degraded" },
  failing: { mark: "failed", word: "Failing" },
};

/** An account's health; one that was never looked at is hatched, not healthy. */
export function Health({ health, enabled }: { health: string; enabled: boolean }) {
  const said = WORDS[health] ?? { mark: "unknown" as const, word: "Not looked at yet" };
  return (
    <span className="nw">
      <Mark name={enabled ? said.mark : "stale"} /> {enabled ? said.word : "Switched off"}
    </span>
  );
}
