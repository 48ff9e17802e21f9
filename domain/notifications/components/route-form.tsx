"use client";

import { useEffect, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { AreaField, CheckField, Field, SelectField } from "@/components/field";
import { say } from "@/components/status";
import { ROLES } from "@/domain/access/scope";
import { saveRouteForm } from "../actions";
import type { RouteChoices } from "../queries";
import type { RouteRow } from "../route";
import { EVENT_KINDS, KIND_WORDS } from "../schema";
import { CheckList } from "./check-list";
import { FormFoot } from "./form-foot";
import { useKeptForm } from "./use-kept-form";

const KINDS = EVENT_KINDS.map((id) => ({ id, name: KIND_WORDS[id] }));
const ROLE_CHOICES = ROLES.map((id) => ({ id, name: id }));
const SEVERITIES = [
  { value: "0", label: "Low and above: everything" },
  { value: "1", label: "Medium and above" },
  { value: "2", label: "High and above" },
  { value: "3", label: "Critical" },
];
const PACE_CHOICES = [
  { value: "now", label: "At once, or as each person chose" },
  { value: "daily", label: "As one digest a day" },
  { value: "weekly", label: "As one digest a week" },
];

/** The button and dialog in which a route is made or changed. */
export function RouteDialog({ route, choices }: { route?: RouteRow; choices: RouteChoices }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      wide
      title={route === undefined ? "Make a route" : route.name}
      description="An event that meets every condition goes to all who are named. An empty condition means any."
      trigger={
        route === undefined ? (
          <Button icon="plus">Make a route</Button>
        ) : (
          <Button small aria-label={`Edit the route ${route.name}`}>
            Edit
          </Button>
        )
      }
    >
      <RouteForm {...(route === undefined ? {} : { route })} choices={choices} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function RouteForm({ route, choices, onDone }: { route?: RouteRow; choices: RouteChoices; onDone: () => void }) {
  const { state, pending, begun, problems, form } = useKeptForm(saveRouteForm, route?.version);
  useEffect(() => {
    if (state.done === undefined) return;
    say("Route saved");
    onDone();
  }, [state, onDone]);
  return (
    <form className="form" {...form}>
      <input type="hidden" name="id" value={route?.id ?? ""} />
      <input type="hidden" name="version" value={begun} />
      <div className="grid2">
        <Field label="Name" name="name" required maxLength={80} defaultValue={route?.name} problem={problems.name} />
        <SelectField
          label="Severity"
          name="minSeverity"
          defaultValue={String(route?.minSeverity ?? 2)}
          options={SEVERITIES}
        />
        <CheckList legend="Events" name="kinds" choices={KINDS} chosen={route?.kinds ?? []} empty="any" />
        <CheckList
          legend="Accounts"
          name="accountIds"
          choices={choices.accounts}
          chosen={route?.accountIds ?? []}
          empty="any"
        />
        <CheckList
          legend="Clusters"
          name="clusterIds"
          choices={choices.clusters}
          chosen={route?.clusterIds ?? []}
          empty="any"
        />
        <div className="form" style={{ alignContent: "start" }}>
          <AreaField
            label="Namespaces"
            name="namespaces"
            defaultValue={route?.namespaces.join("\n")}
            spellCheck={false}
            style={{ height: 52 }}
            hint="One a line; a star stands for anything: team-*"
            problem={problems.namespaces}
          />
          <AreaField
            label="Owner labels"
            name="owners"
            defaultValue={route?.owners.join("\n")}
            spellCheck={false}
            style={{ height: 52 }}
            hint="Values of the label owner or team, of the workload or its namespace."
            problem={problems.owners}
          />
        </div>
      </div>
      <h3>To</h3>
      <div className="grid2">
        <CheckList legend="Roles" name="toRoles" choices={ROLE_CHOICES} chosen={route?.toRoles ?? []} empty="none" />
        <CheckList legend="People" name="toUsers" choices={choices.people} chosen={route?.toUsers ?? []} empty="none" />
        <div className="full">
          <AreaField
            label="Addresses outside Seawall"
            name="toAddresses"
            defaultValue={route?.toAddresses.join("\n")}
            spellCheck={false}
            style={{ height: 52 }}
            hint="One a line. They get all that the route lets through."
            problem={problems.toAddresses ?? problems.toUsers}
          />
        </div>
        <SelectField
          label="Leaves"
          name="pace"
          defaultValue={route?.pace ?? "now"}
          options={PACE_CHOICES}
          hint="Critical mails do not wait, unless a person wants them to."
        />
      </div>
      <CheckField label="Switched on" name="enabled" defaultChecked={route?.enabled ?? true} />
      <FormFoot state={state.done === undefined ? state : {}} pending={pending} label="Save route" />
    </form>
  );
}
