import { Field, SelectField } from "@/components/field";
import type { AuditFilter } from "../schema";

/** The filters of the log, as a form of GET: they stand in the address. */
export function AuditFilterForm({
  filter,
  actions,
  accounts,
}: {
  filter: AuditFilter;
  actions: readonly string[];
  accounts: readonly { id: string; name: string }[];
}) {
  const rooms = [...new Set(actions.map((action) => action.split(".")[0] ?? action))];
  const choices = [
    { value: "", label: "Every action" },
    ...rooms.flatMap((room) => [
      { value: room, label: `${room}: all` },
      ...actions.filter((action) => action.startsWith(`${room}.`)).map((action) => ({ value: action, label: action })),
    ]),
  ];
  const places = [
    { value: "", label: "Everywhere" },
    ...accounts.map((account) => ({ value: account.id, label: account.name })),
  ];
  return (
    <search>
      <form className="filterbar" method="get">
        <Field label="Who" name="who" defaultValue={filter.who ?? ""} maxLength={120} />
        <SelectField label="Action" name="action" options={choices} defaultValue={filter.action ?? ""} />
        <Field label="Target" name="target" defaultValue={filter.target ?? ""} maxLength={200} />
        <SelectField label="Account" name="account" options={places} defaultValue={filter.account ?? ""} />
        <Field label="From" name="from" type="date" defaultValue={filter.from ?? ""} />
        <Field label="To" name="to" type="date" defaultValue={filter.to ?? ""} />
        <button className="btn" type="submit">
          Filter
        </button>
        <a className="btn ghost" href="/settings/audit">
          Clear
        </a>
      </form>
    </search>
  );
}
