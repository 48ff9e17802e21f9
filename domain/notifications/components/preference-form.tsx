"use client";

import { useState } from "react";
import { CheckField, Field, SelectField } from "@/components/field";
import { savePreferencesForm } from "../actions";
import type { Preferences } from "../preference/choice";
import { FormFoot } from "./form-foot";
import { useKeptForm } from "./use-kept-form";

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const two = (value: number): string => String(value).padStart(2, "0");
const clock = (minutes: number): string => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
const HOURS = Array.from({ length: 24 }, (_, hour) => ({ value: String(hour), label: `${two(hour)}:00` }));

/** When the asking person is mailed. */
export function PreferenceForm({ preferences, zones }: { preferences: Preferences; zones: readonly string[] }) {
  const { state, pending, begun, problems, form } = useKeptForm(savePreferencesForm, preferences.version);
  const [pace, setPace] = useState<string>(preferences.pace);
  const [quiet, setQuiet] = useState(preferences.quietFrom !== null);
  const known = zones.includes(preferences.timeZone) ? zones : [preferences.timeZone, ...zones];
  return (
    <form className="form" style={{ maxWidth: 560 }} {...form}>
      <input type="hidden" name="version" value={begun} />
      <CheckField
        label="Mail me"
        name="subscribed"
        defaultChecked={preferences.unsubscribedAt === null}
        hint="What routes send you. Invitations come all the same."
      />
      <div className="grid2">
        <SelectField
          label="Pace"
          name="pace"
          value={pace}
          onChange={(event) => setPace(event.target.value)}
          options={[
            { value: "now", label: "At once, the rest as a daily digest" },
            { value: "daily", label: "One digest a day" },
            { value: "weekly", label: "One digest a week" },
          ]}
        />
        <SelectField
          label="Digest leaves at"
          name="digestHour"
          defaultValue={String(preferences.digestHour)}
          options={HOURS}
          hint="Only when there is something in it."
        />
        {pace === "weekly" ? (
          <SelectField
            label="Day"
            name="digestDay"
            defaultValue={String(preferences.digestDay)}
            options={DAYS.map((label, index) => ({ value: String(index + 1), label }))}
          />
        ) : null}
        <SelectField
          label="Time zone"
          name="timeZone"
          defaultValue={preferences.timeZone}
          options={known.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }))}
          problem={problems.timeZone}
        />
      </div>
      <CheckField
        label="Quiet hours"
        name="quiet"
        checked={quiet}
        onChange={(event) => setQuiet(event.target.checked)}
        hint="What falls into them comes as one digest when they end."
      />
      {quiet ? (
        <div className="grid2">
          <Field
            label="From"
            name="quietFrom"
            type="time"
            required
            defaultValue={clock(preferences.quietFrom ?? 22 * 60)}
            problem={problems.quietFrom}
          />
          <Field
            label="To"
            name="quietTo"
            type="time"
            required
            defaultValue={clock(preferences.quietTo ?? 7 * 60)}
            problem={problems.quietTo}
          />
        </div>
      ) : null}
      <CheckField
        label="Critical at once"
        name="criticalAtOnce"
        defaultChecked={preferences.criticalAtOnce}
        hint="Critical mails wait neither for a digest nor for quiet hours to end."
      />
      <FormFoot state={state} pending={pending} label="Save" />
    </form>
  );
}
