import { count, day, plural } from "@/components/format";
import type { DayOfControl } from "../recommendation/history/queries";

const SHOWN = 14;
const WIDEST = 96;

const dayWords = (text: string): string => day(new Date(`${text}T00:00:00Z`), "UTC");

/** What was opened and resolved by day; bars are for the eye, the figures beside them say the same. */
export function ControlHistory({ days, period }: { days: readonly DayOfControl[]; period: number }) {
  if (days.length === 0) return <p className="mut">Nothing was opened or resolved in {period} days.</p>;
  const most = Math.max(...days.flatMap((day) => [day.opened, day.resolved]));
  const width = (amount: number) => `${Math.max(amount === 0 ? 0 : 2, (amount / most) * WIDEST)}px`;
  return (
    <table className="t-days">
      <thead>
        <tr>
          <th>Day</th>
          <th>Opened</th>
          <th>Resolved</th>
        </tr>
      </thead>
      <tbody>
        {days.slice(0, SHOWN).map((day) => (
          <tr key={day.day}>
            <td className="nw">{dayWords(day.day)}</td>
            {[day.opened, day.resolved].map((amount, index) => (
              <td key={index === 0 ? "opened" : "resolved"}>
                <span className="day-bar">
                  <i className={index === 0 ? "out" : "in"} style={{ width: width(amount) }} />
                  {amount === 0 ? <span className="zero">0</span> : count(amount)}
                </span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      {days.length > SHOWN ? (
        <tfoot>
          <tr>
            <td colSpan={3} className="dim">
              and {plural(days.length - SHOWN, "earlier day")}
            </td>
          </tr>
        </tfoot>
      ) : null}
    </table>
  );
}
