import { Confirm } from "@/components/confirm";
import { Mark } from "@/components/marks";
import { TableHead } from "@/components/table-head";
import { deleteRoute } from "../actions";
import type { Choice, RouteChoices } from "../queries";
import type { Route, RouteRow } from "../route";
import { type EventKind, KIND_WORDS, severityWord } from "../schema";
import { RouteDialog } from "./route-form";

const upper = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
const named = (ids: readonly string[], choices: readonly Choice[]): string[] =>
  ids.map((id) => choices.find((choice) => choice.id === id)?.name ?? "gone");
/** "a, b and 3 more" */
const few = (words: readonly string[]): string =>
  words.length <= 3 ? words.join(", ") : `${words.slice(0, 2).join(", ")} and ${words.length - 2} more`;

function conditions(route: Route, choices: RouteChoices): string {
  const parts = [
    few(named(route.accountIds, choices.accounts)),
    few(named(route.clusterIds, choices.clusters)),
    route.namespaces.length === 0 ? "" : `namespaces ${few(route.namespaces)}`,
    route.owners.length === 0 ? "" : `owner ${few(route.owners)}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "everywhere" : parts.join("; ");
}

function targets(route: Route, choices: RouteChoices): string {
  return few([
    ...route.toRoles.map((role) => `every ${role}`),
    ...named(route.toUsers, choices.people),
    ...route.toAddresses,
  ]);
}

/** Routes as sentences: what, where, to whom. */
export function RouteTable({ routes, choices }: { routes: readonly RouteRow[]; choices: RouteChoices }) {
  return (
    <table className="flow t-plain">
      <thead>
        <tr>
          <TableHead>Route</TableHead>
          <TableHead>What</TableHead>
          <TableHead>Where</TableHead>
          <TableHead>To</TableHead>
          <TableHead hidden>Action</TableHead>
        </tr>
      </thead>
      <tbody>
        {routes.map((route) => (
          <tr key={route.id}>
            <td className="wrap" style={{ fontWeight: 500 }}>
              <bdi>{route.name}</bdi>
              {route.enabled ? null : (
                <span className="mut sm">
                  {" "}
                  <Mark name="stale" /> switched off
                </span>
              )}
            </td>
            <td className="mut wrap">
              {route.minSeverity === 0
                ? "Every severity"
                : `${upper(severityWord(route.minSeverity))}${route.minSeverity === 3 ? "" : " and above"}`}
              {route.kinds.length === 0
                ? ""
                : `: ${few(route.kinds.map((kind) => KIND_WORDS[kind as EventKind] ?? kind)).toLowerCase()}`}
            </td>
            <td className="mut wrap">{conditions(route, choices)}</td>
            <td className="mut wrap">
              {targets(route, choices)}
              {route.pace === "now" ? "" : `, ${route.pace} digest`}
            </td>
            <td className="num">
              <span className="btns" style={{ justifyContent: "flex-end", flexWrap: "nowrap" }}>
                <RouteDialog route={route} choices={choices} />
                <Confirm
                  label="Remove"
                  title={`Remove ${route.name}?`}
                  small
                  variant="ghost"
                  action={deleteRoute.bind(null, route.id, route.version)}
                  done="Route removed"
                >
                  Nobody is told by this route any more. What it already queued or held still leaves. It cannot be
                  undone.
                </Confirm>
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
