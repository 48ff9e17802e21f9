"use client";

import { type ComponentType, useEffect, useState } from "react";
import type { TrendProps } from "./trend-chart";

/** Pixels of the chart and its strip together, so that nothing moves when they come. */
const HEIGHT = 284;

/** The line alone, as the server can draw it: it stands until the chart's code is there, and stays when it can't be had. */
function Sketch({ points, from, to, sentence }: TrendProps) {
  const scored = points.flatMap(({ at, score }) => (score === null ? [] : [{ at, score }]));
  const low = Math.floor(Math.min(...scored.map(({ score }) => score)) - 0.5);
  const high = Math.ceil(Math.max(...scored.map(({ score }) => score)) + 0.5);
  const line = scored
    .map(({ at, score }) => [((at - from) / (to - from)) * 100, 100 - ((score - low) / (high - low)) * 100])
    .map(([x = 0, y = 0]) => `${x.toFixed(2)},${y.toFixed(2)}`)
    .join(" ");
  return (
    <div role="img" aria-label={sentence}>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" style={{ height: HEIGHT }} aria-hidden="true">
        <polyline points={line} fill="none" stroke="var(--accent)" vectorEffect="non-scaling-stroke" />
      </svg>
    </div>
  );
}

/** The score over time. The chart's code is a third of the page's and nobody needs it to read the figures: it comes last. */
export function ScoreTrend(props: TrendProps) {
  const [Chart, setChart] = useState<ComponentType<TrendProps> | null>(null);
  useEffect(() => {
    let gone = false;
    const load = () => {
      import("./trend-chart").then(
        (module) => gone || setChart(() => module.TrendChart),
        () => undefined, // the sketch and its words say the same
      );
    };
    if (document.readyState === "complete") load();
    else addEventListener("load", load, { once: true });
    return () => {
      gone = true;
      removeEventListener("load", load);
    };
  }, []);
  return Chart === null ? <Sketch {...props} /> : <Chart {...props} />;
}
