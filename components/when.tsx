import { age, exact, moment } from "./format";

/** A moment: its age or its date in the reader's zone, the absolute time with its zone on hover. */
export function When({
  at,
  now,
  timeZone,
  suffix = "",
}: {
  at: Date;
  /** Given: the age is written. Left out: the date. */
  now?: Date;
  timeZone: string;
  /** After an age, e.g. " ago". */
  suffix?: string;
}) {
  return (
    <time dateTime={at.toISOString()} title={exact(at, timeZone)}>
      {now === undefined ? moment(at, timeZone) : `${age(at, now)}${suffix}`}
    </time>
  );
}
