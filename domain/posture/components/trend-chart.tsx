"use client";

import { useLayoutEffect, useRef, useState } from "react";
import { Area, CartesianGrid, ComposedChart, Line, ReferenceDot, ResponsiveContainer, XAxis, YAxis } from "recharts";
import { day, timeOfDay } from "@/components/format";
import { type Place, placeLabels } from "./label-places";

export interface ChartPoint {
  /** Milliseconds since 1970. */
  at: number;
  score: number | null;
  /** As if there were no exemption; null where it was not kept. */
  bare: number | null;
  /** Percent that was not evaluated. */
  coverage: number | null;
}
export interface ChartMove {
  at: number;
  score: number;
  label: string;
  /** What moved it, and the same in fewer and fewer words. */
  texts: readonly [whole: string, ...shorter: string[]];
  day: string;
  rise: boolean;
}

export interface TrendProps {
  points: ChartPoint[];
  moves: ChartMove[];
  from: number;
  to: number;
  /** The figures in words, for those who do not see the chart. */
  sentence: string;
  timeZone: string;
}

/** Room of the axis at the right, width before the first measurement, mean width of a letter at 11.5 px. */
const AXIS = 40;
const FIRST_WIDTH = 820;
const LETTER = 6;
/** Moves that a narrow screen lists. */
const LISTED = 3;
const GRID = { stroke: "var(--line)", vertical: false } as const;
const TICK = { fill: "var(--ink-3)", fontSize: 11.5 } as const;

/** One line and the strip of what nobody saw; straight segments, no fill, no animation. */
export function TrendChart({ points, moves, from, to, sentence, timeZone }: TrendProps) {
  const isOther = points.some(({ score, bare }) => bare !== null && bare !== score);
  const scores = points.flatMap(({ score, bare }) => [score, isOther ? bare : null]).filter((each) => each !== null);
  const low = Math.max(0, Math.floor(Math.min(...scores) - 0.5));
  const high = Math.min(100, Math.ceil(Math.max(...scores) + 0.5));
  const least = Math.min(...points.flatMap((point) => point.coverage ?? []), 99);
  const floor = Math.floor(least / 2) * 2;
  const tick = (at: number) => (to - from < 3 * 86_400_000 ? timeOfDay : day)(at, timeZone);
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(FIRST_WIDTH);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? FIRST_WIDTH));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const plot = width - AXIS;
  const places = placeLabels(
    moves.map((move) => ({
      x: ((move.at - from) / (to - from)) * plot,
      widths: move.texts.map((text) => LETTER * Math.max(text.length, move.label.length + move.day.length + 2)),
      above: move.rise,
    })),
    plot,
  );
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => Math.round(from + (to - from) * part));
  const time = { dataKey: "at", type: "number", domain: [from, to], axisLine: false, tickLine: false } as const;
  return (
    <div role="img" aria-label={sentence} ref={frame}>
      <div aria-hidden="true">
        <ResponsiveContainer width="100%" height={208} initialDimension={{ width: 820, height: 208 }}>
          <ComposedChart data={points} margin={{ top: 36, right: 0, bottom: 24, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid {...GRID} />
            <XAxis {...time} hide />
            <YAxis
              orientation="right"
              domain={[low, high]}
              allowDecimals={false}
              tickCount={5}
              axisLine={false}
              tickLine={false}
              width={AXIS}
              tick={TICK}
              label={{ value: "Score", position: "top", offset: 14, ...TICK }}
            />
            {isOther ? (
              <Line
                dataKey="bare"
                type="linear"
                stroke="var(--ink-3)"
                strokeWidth={1.25}
                strokeDasharray="3 3"
                dot={false}
                connectNulls={false}
                isAnimationActive={false}
              />
            ) : null}
            <Line
              dataKey="score"
              type="linear"
              stroke="var(--accent)"
              strokeWidth={1.75}
              dot={false}
              connectNulls={false}
              isAnimationActive={false}
            />
            {moves.map((move, index) => (
              <ReferenceDot
                key={`${move.at}-${move.texts[0]}`}
                x={move.at}
                y={move.score}
                r={3.25}
                fill="var(--paper)"
                stroke="var(--accent)"
                strokeWidth={1.75}
                label={(props: { viewBox?: { x?: number; y?: number } }) => (
                  <MoveLabel
                    number={index + 1}
                    move={move}
                    x={props.viewBox?.x ?? 0}
                    y={props.viewBox?.y ?? 0}
                    place={places[index] ?? null}
                  />
                )}
              />
            ))}
          </ComposedChart>
        </ResponsiveContainer>
        <ResponsiveContainer width="100%" height={76} initialDimension={{ width: 820, height: 76 }}>
          <ComposedChart data={points} margin={{ top: 6, right: 0, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid {...GRID} />
            <XAxis {...time} ticks={ticks} tickFormatter={tick} tick={TICK} interval="preserveStartEnd" height={26} />
            <YAxis
              orientation="right"
              domain={[floor, 100]}
              ticks={[floor, 100]}
              tickFormatter={(ratio: number) => `${ratio}%`}
              axisLine={false}
              tickLine={false}
              width={AXIS}
              tick={TICK}
            />
            <Area
              dataKey="coverage"
              type="stepAfter"
              baseValue={100}
              stroke="var(--ink-2)"
              strokeWidth={1.25}
              fill="url(#hatch)"
              fillOpacity={1}
              isAnimationActive={false}
              dot={false}
              activeDot={false}
            />
          </ComposedChart>
        </ResponsiveContainer>
        <p className="dim sm">
          Coverage, % (hatched: not evaluated){isOther ? ". Dashed: the score without exemptions" : ""}
        </p>
      </div>
    </div>
  );
}

/** What moved it, beside its dot; where there is no room for words, its number in the list below. */
function MoveLabel({
  number,
  move,
  x,
  y,
  place,
}: {
  number: number;
  move: ChartMove;
  x: number;
  y: number;
  place: Place | null;
}) {
  const numbered =
    number > LISTED ? null : (
      <text className="narrow dot-no" x={x} y={move.rise ? y - 10 : y + 19} textAnchor="middle">
        {number}
      </text>
    );
  if (place === null) return <g>{numbered}</g>;
  const { anchor } = place;
  const top = move.rise ? 10 : Math.max(y + 22, 178);
  return (
    <>
      {numbered}
      <g className="wide">
        <line className="lead" x1={x} x2={x} y1={move.rise ? top + 20 : y + 6} y2={move.rise ? y - 6 : top - 12} />
        <text x={x} y={top} textAnchor={anchor} className="halo">
          <tspan className={move.rise ? "ap" : "dv"}>{move.label}</tspan>
          <tspan dx="6">{move.day}</tspan>
        </text>
        <text x={x} y={top + 15} textAnchor={anchor} className="at halo">
          {move.texts[place.wording]}
        </text>
      </g>
    </>
  );
}
