"use client";

import { useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { CouldNotLook } from "@/components/empty";
import { percent, signClass, signed } from "@/components/format";
import { DataList, type DataListProps } from "@/components/list/list";
import type { ListSpec } from "@/components/list/spec";
import { Mark } from "@/components/marks";
import { Name, visible } from "@/components/name";
import { Ago } from "@/components/reader";
import { EXEMPTION_SWITCH, type Exemptions, scoreFor } from "@/domain/inventory/exemptions";
import { scoreText } from "@/lib/score-text";
import type { ScoreItem } from "../score/schema";
import { coverageShows, coverageWords, pointWords, STEP_WORDS, shownEntries } from "./moves";

const SCOPES = { fleet: "The fleet", account: "Accounts", cluster: "Clusters" } as const;
const POINTS = [
  { value: "moved", label: "Moved score or coverage" },
  { value: "quiet", label: "Too small to show" },
];
const subject = (row: ScoreItem) => row.subject?.name ?? "The fleet";
/** Beside a cluster's own name nobody need say it again. */
const moverOf = (row: ScoreItem) => (row.scope === "cluster" ? null : row.movedBy);

function Score({ row, exemptions }: { row: ScoreItem; exemptions: Exemptions }) {
  const score = scoreFor(exemptions, row);
  if (score !== null) return <b className="inc">{scoreText(score)}</b>;
  return (
    <Mark name="unknown" label={exemptions === "without" && !row.keptWithoutExemptions ? "not kept" : "no score"} />
  );
}

function Change({ value }: { value: number | null }) {
  if (value === null) return <Mark name="unknown" label="not known" />;
  return <span className={signClass(value, 2)}>{signed(value, 2)}</span>;
}

const specOf = (exemptions: Exemptions): ListSpec<ScoreItem> => ({
  path: "/score-history",
  api: "/api/v1/score-history",
  noun: { one: "point", many: "points" },
  order: "newest first",
  rowId: (row) => row.id,
  rowLabel: (row) =>
    `${visible(subject(row))} ${row.at}: ${row.score === null ? "no score" : scoreText(row.score)}, ${row.first ? "first reading" : signed(row.change)}${row.scoreWithoutExemptions === null || row.scoreWithoutExemptions === row.score ? "" : `; without exemptions ${scoreText(row.scoreWithoutExemptions)}`}`,
  open: "point",
  rowHeight: 46,
  className: "t-score",
  exports: true,
  toggle: EXEMPTION_SWITCH,
  views: [
    { name: "The fleet", query: "" },
    { name: "Got worse", query: "step=broken,appeared,coverage" },
    { name: "Got better", query: "step=fixed,gone,exemptions" },
    { name: "By account", query: "scope=account" },
    { name: "By cluster", query: "scope=cluster" },
    { name: "Every point", query: "points=moved,quiet" },
  ],
  columns: [
    {
      id: "what",
      head: "What moved it",
      narrow: "title",
      cell: (row, link) => {
        const all = row.first ? [] : shownEntries(row.ledger);
        return (
          <span className="two-line">
            {link(pointWords(row, moverOf(row)))}
            <span className="under">
              <span className="a">
                <Name text={subject(row)} />
              </span>
              {all.length === 0 || !coverageShows(row) ? null : (
                <span>
                  <span className="sp">·</span>
                  {coverageWords(row.coverageChange)}
                </span>
              )}
              {all.slice(1, 4).map((entry) => (
                <span key={entry.step}>
                  <span className="sp">·</span>
                  {STEP_WORDS[entry.step]} {signed(entry.delta, 2)}
                </span>
              ))}
            </span>
          </span>
        );
      },
    },
    {
      id: "at",
      head: "When",
      width: "116px",
      sort: { by: "at", first: "descending" },
      cell: (row) => <Ago at={row.at} date />,
    },
    {
      id: "coverage",
      head: "Coverage",
      width: "96px",
      num: true,
      optional: "on",
      cell: (row) =>
        row.coverage === null ? (
          <Mark name="unknown" label="nothing evaluated" />
        ) : (
          <>
            {percent(row.coverage)}
            <span className="u"> %</span>
          </>
        ),
    },
    {
      id: "change",
      head: "Change",
      width: "84px",
      num: true,
      cell: (row) =>
        row.first ? (
          <span className="zero">–</span>
        ) : (
          <Change value={exemptions === "without" ? row.changeWithoutExemptions : row.change} />
        ),
    },
    {
      id: "score",
      head: exemptions === "without" ? "Without exemptions" : "Score",
      width: exemptions === "without" ? "140px" : "72px",
      num: true,
      narrow: "figure",
      cell: (row) => <Score row={row} exemptions={exemptions} />,
    },
    {
      id: "other",
      head: exemptions === "without" ? "With exemptions" : "Without exemptions",
      width: "140px",
      num: true,
      optional: "off",
      cell: (row) => <Score row={row} exemptions={exemptions === "without" ? "with" : "without"} />,
    },
  ],
  facets: [
    {
      id: "scope",
      label: "Whose",
      single: true,
      options: Object.entries(SCOPES).map(([value, label]) => ({ value, label })),
    },
    { id: "points", label: "Points", options: POINTS },
    { id: "step", label: "Moved by", options: Object.entries(STEP_WORDS).map(([value, label]) => ({ value, label })) },
  ],
  parameters: [
    { id: "account", label: "Account" },
    { id: "cluster", label: "Cluster" },
    { id: "after", label: "Since" },
    { id: "before", label: "Before" },
  ],
  empty: (
    <CouldNotLook>
      No point to show: no scan of what is asked for has ended yet, or its score is not for your role to see.
    </CouldNotLook>
  ),
});

/** For who has no role on everything: the list begins with his accounts. */
const ofAccounts = (spec: ListSpec<ScoreItem>): ListSpec<ScoreItem> => ({
  ...spec,
  views: [
    { name: "By account", query: "" },
    ...(spec.views ?? []).filter(({ query }) => query !== "" && query !== "scope=account"),
  ],
  facets: spec.facets.map((facet) =>
    facet.id === "scope"
      ? { ...facet, options: (facet.options ?? []).filter(({ value }) => value !== "fleet") }
      : facet,
  ),
});

/** Stored points of a score; each opens into its ledger. `fleet`: whether the fleet's score is the reader's to see. */
export function ScoreList({ fleet, ...props }: Omit<DataListProps<ScoreItem>, "spec" | "title"> & { fleet: boolean }) {
  const exemptions = useSearchParams().get(EXEMPTION_SWITCH.id) === EXEMPTION_SWITCH.value ? "without" : "with";
  const spec = useMemo(() => (fleet ? specOf(exemptions) : ofAccounts(specOf(exemptions))), [fleet, exemptions]);
  return <DataList spec={spec} title="Score history" {...props} />;
}
