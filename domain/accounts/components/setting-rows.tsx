"use client";

import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/button";
import { Field } from "@/components/field";
import type { FormSecrets } from "../cloud-form";
import type { RowsField } from "../form-field";
import { TextSetting } from "./setting";

interface Props {
  field: RowsField;
  secret: NonNullable<FormSecrets["row"]>;
  problems: Readonly<Record<string, string>>;
  /** A row went: no control of the form tells of that. */
  onRemove?: (() => void) | undefined;
}
interface Row {
  /** Never given again, so that a problem stays with its row. */
  number: number;
  values: Readonly<Record<string, string>>;
}

const NEVER = "Stored encrypted, never shown again.";
const KEEP = "Leave empty to keep the stored one.";

/** Settings that come in rows: each can be taken away, and one more added. A row that is left blank does not count. */
export function SettingRows({ field, secret, problems, onRemove }: Props) {
  const [rows, setRows] = useState<Row[]>(() =>
    (field.initial.length === 0 ? [{}] : field.initial).map((values, number) => ({ number, values })),
  );
  const next = useRef(rows.length);
  const added = useRef<number | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  // Focus goes to what was added, or to the button when a row went.
  useEffect(() => {
    if (added.current === null) return;
    const target = frame.current?.querySelector<HTMLElement>(
      added.current < 0 ? "[data-add]" : `[data-row="${added.current}"] input`,
    );
    added.current = null;
    target?.focus();
  });
  const add = (): void => {
    added.current = next.current;
    setRows([...rows, { number: next.current, values: {} }]);
    next.current += 1;
  };
  const remove = (number: number): void => {
    added.current = -1;
    setRows(rows.filter((row) => row.number !== number));
    onRemove?.();
  };
  return (
    <div className="rows" ref={frame}>
      {rows.map(({ number, values }, at) => {
        const name = values[secret.key] ?? "";
        const isStored = secret.stored.includes(name);
        const token = `secret.${secret.field}.${number}`;
        return (
          <fieldset key={number} data-row={number}>
            <legend>{name === "" ? `Cluster ${at + 1}` : name}</legend>
            <div className="grid2">
              {field.columns.map((column) => (
                <TextSetting
                  key={column.name}
                  // A blank row may be sent: what is needed is told by the answer.
                  field={{ ...column, required: false, initial: values[column.name] ?? "" }}
                  name={`settings.${field.name}.${number}.${column.name}`}
                  problem={problems[`settings.${field.name}.${number}.${column.name}`]}
                />
              ))}
              <Field
                label={secret.label}
                name={token}
                type="password"
                autoComplete="new-password"
                placeholder={isStored ? "stored" : ""}
                hint={isStored ? KEEP : NEVER}
                problem={problems[token]}
              />
            </div>
            <Button small onClick={() => remove(number)}>
              Remove {name === "" ? `cluster ${at + 1}` : name}
            </Button>
          </fieldset>
        );
      })}
      <Button data-add onClick={add}>
        {rows.length === 0 ? "Add a cluster" : "Add another cluster"}
      </Button>
    </div>
  );
}
