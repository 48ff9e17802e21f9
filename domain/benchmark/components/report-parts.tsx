import { Font, Line, Path, Rect, Svg, Text, View } from "@react-pdf/renderer";
import type { Style } from "@react-pdf/types";
import { createContext, type ReactNode, useContext } from "react";
import { count } from "@/components/format";
import { piecesOf } from "../pdf/break";
import { printable } from "../pdf/text";
import type { RequirementState } from "../schema";
import { INK, SIZE, STYLE } from "./report-style";
import { STATE_WORDS } from "./words";

/** Between the margins of a page, in points. */
export const PAGE_WIDTH = 499;
/** Where no column says how wide it is: the narrowest that holds names. */
const NARROWEST = 110;
/** What the renderer sets aside where a line may end within a word. */
const SET_ASIDE = 5;
const Room = createContext(NARROWEST);

/** Where lines of a text may end that is so many points wide. */
export const breaksIn =
  (width: number, size: number) =>
  (word: string): string[] => {
    const pieces = piecesOf(word, (width - SET_ASIDE) / size);
    // An empty piece behind a piece: the renderer then ends a line there without a hyphen.
    return pieces.length > 1 ? pieces.flatMap((piece) => [piece, ""]) : pieces;
  };
Font.registerHyphenationCallback(breaksIn(NARROWEST, SIZE));

/** One column of a printed table: its head, its share of the width, and how a row fills it. */
export interface Column<Row> {
  head: string;
  /** Percent of the page's. */
  width: number;
  number?: boolean;
  of: (row: Row) => ReactNode;
}

/** A table whose head comes again on every page that it runs over; a row is never cut in two. */
export function Table<Row>({
  columns,
  rows,
  keyOf,
  dense = false,
}: {
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  dense?: boolean;
}) {
  // Text that fills its line keeps clear of the column beside it.
  const clear = ({ number }: Column<Row>) => (number === true ? 8 : 14);
  const roomOf = (column: Column<Row>) => (PAGE_WIDTH * column.width) / 100 - clear(column);
  const box = (column: Column<Row>) => ({
    width: `${column.width}%`,
    paddingRight: clear(column),
    ...(column.number === true ? { textAlign: "right" as const } : {}),
  });
  return (
    <View>
      <View fixed>
        <View style={STYLE.head}>
          {columns.map((column) => (
            <Text key={column.head} style={box(column)}>
              {column.head}
            </Text>
          ))}
        </View>
        <View style={{ ...STYLE.line, backgroundColor: INK.line }} />
      </View>
      {rows.map((row) => (
        <View key={keyOf(row)} wrap={false}>
          <View style={dense ? STYLE.dense : STYLE.row}>
            {columns.map((column) => {
              const cell = column.of(row);
              return (
                <View key={column.head} style={box(column)}>
                  <Room.Provider value={roomOf(column)}>
                    {typeof cell === "string" || typeof cell === "number" ? (
                      <Broken style={column.number === true ? STYLE.num : {}}>
                        {typeof cell === "number" ? count(cell) : cell}
                      </Broken>
                    ) : (
                      cell
                    )}
                  </Room.Provider>
                </View>
              );
            })}
          </View>
          <View style={STYLE.line} />
        </View>
      ))}
    </View>
  );
}

/** A bar from 0 to 1: filled in teal, what nobody decided hatched at its right end. */
export function ReportBar({ filled, missing, width }: { filled: number; missing: number; width: number }) {
  const height = 8;
  const from = width * (1 - Math.min(1, Math.max(0, missing)));
  const strokes: number[] = [];
  for (let x = from - height; x < width; x += 4) strokes.push(x);
  return (
    <Svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
      <Rect x={0} y={0} width={width} height={height} fill={INK.track} />
      <Rect x={0} y={0} width={Math.max(0, Math.min(1, filled)) * width} height={height} fill={INK.accent} />
      {missing <= 0 ? null : (
        <Rect x={from} y={0} width={width - from} height={height} fill="#FFFFFF" stroke={INK.third} strokeWidth={0.5} />
      )}
      {missing <= 0
        ? null
        : strokes.map((x) => {
            const [left, right] = [Math.max(x, from), Math.min(x + height, width)];
            return left >= right ? null : (
              <Line
                key={x}
                x1={left}
                y1={height - (left - x)}
                x2={right}
                y2={height - (right - x)}
                stroke={INK.third}
                strokeWidth={0.5}
              />
            );
          })}
    </Svg>
  );
}

/** Score by day; gaps where nothing was decided. */
export function ReportLine({
  points,
  width,
  height,
}: {
  points: readonly { day: string; score: number | null }[];
  width: number;
  height: number;
}) {
  const known = points.flatMap(({ score }) => (score === null ? [] : [score]));
  if (known.length < 2)
    return <Text style={STYLE.small}>History begins with the first day; there are too few days for a line.</Text>;
  const [low, high] = [Math.floor(Math.min(...known) - 1), Math.ceil(Math.max(...known) + 1)];
  const at = (index: number, score: number) =>
    `${((index / (points.length - 1)) * width).toFixed(1)} ${(height - ((score - low) / (high - low)) * height).toFixed(1)}`;
  const d = points
    .map(({ score }, index) => {
      if (score === null) return "";
      const before = points[index - 1]?.score;
      return `${before === null || before === undefined ? "M" : "L"}${at(index, score)}`;
    })
    .join(" ");
  return (
    <View>
      <Svg width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        <Line x1={0} y1={height} x2={width} y2={height} stroke={INK.line} strokeWidth={0.5} />
        <Path d={d} stroke={INK.accent} strokeWidth={1.4} fill="none" />
      </Svg>
      <View style={{ flexDirection: "row", justifyContent: "space-between", width }}>
        <Text style={STYLE.small}>{`${points[0]?.day ?? ""}: ${known[0]?.toFixed(1) ?? ""}`}</Text>
        <Text style={STYLE.small}>{`${points.at(-1)?.day ?? ""}: ${known.at(-1)?.toFixed(1) ?? ""}`}</Text>
      </View>
    </View>
  );
}

/** A state's word; failed ones stand out by weight, never by colour. */
export function StateWord({ state }: { state: RequirementState }) {
  return (
    <Text style={state === "failed" ? STYLE.bold : state === "not_applicable" ? STYLE.dim : {}}>
      {STATE_WORDS[state]}
    </Text>
  );
}

/** The head of a chapter, which never stands alone at the foot of a page. */
export const Head = ({ title, lead }: { title: string; lead: string }) => (
  <View minPresenceAhead={72}>
    <Text style={STYLE.h1}>{title}</Text>
    <Text style={STYLE.lead}>{lead}</Text>
  </View>
);

/** Text whose words break by letters only where they are wider than the column that it stands in. */
export function Broken({ children, style = {} }: { children: string; style?: Style }) {
  const { fontSize } = style;
  return (
    <Text
      style={style}
      hyphenationCallback={breaksIn(useContext(Room), typeof fontSize === "number" ? fontSize : SIZE)}
    >
      {children}
    </Text>
  );
}

/** Text from outside. */
export const Said = ({ text, most, style }: { text: string; most?: number; style?: Style }) => (
  <Broken style={style ?? {}}>{printable(text, most)}</Broken>
);
