"use client";

import { type KeyboardEvent, useId, useState } from "react";
import { Button } from "./button";

interface TokenFieldProps {
  label: string;
  /** Of one value, as in "Add a region". */
  noun: string;
  name: string;
  values: readonly string[];
  /** What may be chosen; anything else that fits `pattern` may be entered. */
  known: readonly { value: string; label: string }[];
  /** A regular expression of one value. */
  pattern: string;
  hint?: string | undefined;
  problem?: string | undefined;
}

/**
 * Any number of values: each is a box to untick, and one more is entered or chosen from a list. Both are ordinary controls of the form
 * by one name, so that it works without scripts, with commas between several.
 */
export function TokenField({ label, noun, name, values, known, pattern, hint, problem }: TokenFieldProps) {
  const id = useId();
  const [tokens, setTokens] = useState(() => values.map((value) => ({ value, on: true })));
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const note = wrong ?? problem ?? hint;
  const words = new Map(known.map((each) => [each.value, each.label]));

  const add = (given: string): void => {
    const parts = given.split(/[\s,;]+/).filter((part) => part !== "");
    const fits = new RegExp(`^(?:${pattern})$`);
    const bad = parts.find((part) => !fits.test(part));
    setWrong(bad === undefined ? null : `“${bad}” is no ${noun}. One looks like ${known[0]?.value ?? "the others"}.`);
    if (bad !== undefined) {
      setText(given);
      return;
    }
    const fresh = parts.filter((part, at) => parts.indexOf(part) === at && !tokens.some(({ value }) => value === part));
    setTokens([
      ...tokens.map((token) => ({ ...token, on: token.on || parts.includes(token.value) })),
      ...fresh.map((value) => ({ value, on: true })),
    ]);
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if ((event.key !== "Enter" && event.key !== ",") || text.trim() === "") return;
    event.preventDefault(); // the form is not sent, the value is taken
    add(text);
  };

  return (
    <fieldset className={wrong === null && problem === undefined ? "field tokens" : "field tokens wrong"}>
      <legend>{label}</legend>
      {tokens.length === 0 ? null : (
        <ul>
          {tokens.map(({ value, on }) => (
            <li key={value}>
              <label className="chip" title={words.get(value) ?? value}>
                <input
                  type="checkbox"
                  className="ck"
                  name={name}
                  value={value}
                  checked={on}
                  onChange={() =>
                    setTokens(tokens.map((token) => (token.value === value ? { value, on: !on } : token)))
                  }
                />
                {value}
              </label>
            </li>
          ))}
        </ul>
      )}
      <div className="acts">
        <input
          className="inp"
          name={name}
          value={text}
          list={`${id}-known`}
          aria-label={`Add a ${noun}`}
          aria-invalid={wrong !== null || problem !== undefined}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
          placeholder={`Add a ${noun}`}
          maxLength={1000}
          spellCheck={false}
          autoComplete="off"
          onKeyDown={onKeyDown}
          onChange={(event) => {
            // Chosen from the list, not typed: it is whole.
            const how = "inputType" in event.nativeEvent ? event.nativeEvent.inputType : "";
            const isChosen = how === "" || how === "insertReplacementText";
            if (isChosen && words.has(event.target.value)) add(event.target.value);
            else setText(event.target.value);
          }}
          onBlur={() => add(text)}
        />
        <datalist id={`${id}-known`}>
          {known
            .filter(({ value }) => !tokens.some((token) => token.on && token.value === value))
            .map((each) => (
              <option key={each.value} value={each.value}>
                {each.label}
              </option>
            ))}
        </datalist>
        <Button onClick={() => add(text)}>Add</Button>
      </div>
      {note === undefined ? null : (
        <small id={`${id}-note`} role={wrong === null ? undefined : "alert"}>
          {note}
        </small>
      )}
    </fieldset>
  );
}
