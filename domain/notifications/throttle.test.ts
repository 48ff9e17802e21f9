import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instantOf, localOf, nextAt, nextDigest, quietUntil, type Rhythm } from "./quiet";
import type { SeverityRank } from "./schema";
import { bundle, decide, type Stance } from "./throttle";

const DAY = 86_400_000;
const ZONES = [
  "UTC",
  "Europe/Oslo",
  "America/New_York",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Apia",
] as const;
const policy = { critical: 24, high: 4, medium: 2, low: 1, scoreFall: 3 };
const LIMITS = [1, 2, 4, 24];

const instant = fc.date({ min: new Date("2025-01-01Z"), max: new Date("2027-12-31Z"), noInvalidDate: true });
const minute = fc.integer({ min: 0, max: 1439 });
const rhythm: fc.Arbitrary<Stance> = fc.record({
  pace: fc.constantFrom("now", "daily", "weekly"),
  digestDay: fc.integer({ min: 1, max: 7 }),
  digestHour: fc.integer({ min: 0, max: 23 }),
  quietFrom: fc.option(minute),
  quietTo: fc.option(minute),
  timeZone: fc.constantFrom(...ZONES),
  criticalAtOnce: fc.boolean(),
});
const pace = fc.constantFrom("now" as const, "daily" as const, "weekly" as const);
const severity = fc.integer({ min: 0, max: 3 }) as fc.Arbitrary<SeverityRank>;
const isQuiet = (at: Date, one: Rhythm): boolean => {
  if (one.quietFrom === null || one.quietTo === null || one.quietFrom === one.quietTo) return false;
  const now = localOf(at, one.timeZone).minute;
  return one.quietFrom < one.quietTo
    ? now >= one.quietFrom && now < one.quietTo
    : now >= one.quietFrom || now < one.quietTo;
};

describe("throttle", () => {
  test("whatever comes and whenever: no severity passes its limit, nothing is lost, and what is held leaves in a digest later", () => {
    fc.assert(
      fc.property(
        rhythm,
        instant,
        fc.array(severity, { maxLength: 60 }),
        pace,
        fc.array(fc.nat(30), { minLength: 4, maxLength: 4 }),
        (stance, now, severities, routes, sent) => {
          const bundles = severities.map((one, index) => ({ severity: one, pace: routes, notices: [index] }));
          const decided = decide(bundles, stance, sent, policy, now);
          expect(decided.flatMap(({ notices }) => notices).sort((a, b) => a - b)).toEqual(
            severities.map((_, index) => index),
          );
          for (const rank of [0, 1, 2, 3]) {
            const leaving = decided.filter((one) => one.severity === rank && one.send).length;
            expect(leaving).toBeLessThanOrEqual(Math.max(0, (LIMITS[rank] ?? 0) - (sent[rank] ?? 0)));
          }
          for (const one of decided) {
            const urgent = one.severity === 3 && stance.criticalAtOnce;
            if (one.send)
              expect(urgent || (stance.pace === "now" && routes === "now" && !isQuiet(now, stance))).toBe(true);
            else {
              expect(one.until.getTime()).toBeGreaterThan(now.getTime());
              expect(one.until.getTime()).toBeLessThanOrEqual(now.getTime() + 9 * DAY);
              expect(isQuiet(one.until, stance)).toBe(false);
            }
          }
        },
      ),
    );
  });

  test("a limit that is not reached holds nothing back", () => {
    fc.assert(
      fc.property(instant, fc.array(severity, { maxLength: 40 }), (now, severities) => {
        const stance: Stance = {
          pace: "now",
          digestDay: 1,
          digestHour: 8,
          quietFrom: null,
          quietTo: null,
          timeZone: "UTC",
          criticalAtOnce: true,
        };
        const decided = decide(
          severities.map((one) => ({ severity: one, pace: "now", notices: [one] })),
          stance,
          [0, 0, 0, 0],
          policy,
          now,
        );
        for (const rank of [0, 1, 2, 3]) {
          const asked = severities.filter((one) => one === rank).length;
          expect(decided.filter((one) => one.send && one.severity === rank)).toHaveLength(
            Math.min(asked, LIMITS[rank] ?? 0),
          );
        }
      }),
    );
  });

  test("bundles keep every notice, once, and bear the worst severity", () => {
    const notice = fc.record({
      kind: fc.constantFrom("finding.opened", "cluster.new", "score.fell"),
      accountId: fc.constantFrom("a", "b", null),
      clusterId: fc.constantFrom("x", "y", null),
      severity,
      pace,
    });
    fc.assert(
      fc.property(fc.array(notice, { maxLength: 40 }), (notices) => {
        const bundles = bundle(notices);
        expect(bundles.flatMap((one) => one.notices).length).toBe(notices.length);
        for (const one of bundles) expect(one.severity).toBe(Math.max(...one.notices.map((each) => each.severity)));
        for (const one of bundles)
          expect(one.notices.map((each) => each.pace)).toEqual(one.notices.map(() => one.pace));
        expect(bundles.map((one) => one.severity)).toEqual(
          [...bundles.map((one) => one.severity)].sort((a, b) => b - a),
        );
      }),
    );
  });
});

describe("clocks", () => {
  test("a wall time and its instant are each other's, but where a clock change skips it", () => {
    fc.assert(
      fc.property(instant, fc.constantFrom(...ZONES), (at, zone) => {
        const local = localOf(at, zone);
        const back = localOf(instantOf(local, zone), zone);
        expect([back.year, back.month, back.day, back.minute]).toEqual([
          local.year,
          local.month,
          local.day,
          local.minute,
        ]);
      }),
    );
  });

  test("the next time is ahead, within a day and an hour, and shows that time", () => {
    fc.assert(
      fc.property(instant, fc.constantFrom(...ZONES), minute, (now, zone, wanted) => {
        const at = nextAt(now, zone, wanted);
        const ahead = at.getTime() - now.getTime();
        expect(ahead).toBeGreaterThan(0);
        expect(ahead).toBeLessThanOrEqual(2 * DAY);
        const shown = localOf(at, zone).minute;
        // A skipped wall time is taken up to an hour later (half an hour on Lord Howe).
        expect((shown - wanted + 1440) % 1440).toBeLessThanOrEqual(60);
      }),
    );
  });

  test("quiet hours over midnight, in the person's zone, on the night the clocks go forward", () => {
    const oslo: Rhythm = {
      pace: "now",
      digestDay: 1,
      digestHour: 8,
      quietFrom: 22 * 60,
      quietTo: 7 * 60,
      timeZone: "Europe/Oslo",
    };
    expect(quietUntil(new Date("2026-03-28T20:59:00Z"), oslo)).toBeNull();
    expect(quietUntil(new Date("2026-03-28T21:00:00Z"), oslo)).toEqual(new Date("2026-03-29T05:00:00Z"));
    expect(quietUntil(new Date("2026-03-29T05:00:00Z"), oslo)).toBeNull();
    expect(nextDigest(new Date("2026-03-28T12:00:00Z"), oslo)).toEqual(new Date("2026-03-29T06:00:00Z"));
    expect(nextDigest(new Date("2026-11-21T12:00:00Z"), { ...oslo, pace: "weekly", digestDay: 3 })).toEqual(
      new Date("2026-11-25T07:00:00Z"),
    );
    // The hour that does not exist: 02:30 becomes 03:30 summer time.
    expect(nextAt(new Date("2026-03-28T23:00:00Z"), "Europe/Oslo", 150)).toEqual(new Date("2026-03-29T01:30:00Z"));
  });
});
