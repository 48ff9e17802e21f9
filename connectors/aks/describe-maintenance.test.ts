import { expect, test } from "vitest";
import { maintenanceWindow } from "./describe-maintenance";

const WINDOW = {
  maintenanceWindow: { schedule: { daily: { intervalDays: 1 } }, durationHours: 4, startTime: "03:00" },
};
const upgrades = { name: "aksManagedAutoUpgradeSchedule", ...WINDOW };
const images = { name: "aksManagedNodeOSUpgradeSchedule", ...WINDOW };
const releases = { name: "default", timeInWeek: [{ day: "Sunday", hourSlots: [2, 3] }] };

const NOW = new Date("2026-11-22T12:00:00Z");
const from = (startDate: unknown, utcOffset?: unknown) => ({
  ...upgrades,
  maintenanceWindow: { ...WINDOW.maintenanceWindow, startDate, utcOffset },
});

test.each<[string, unknown[], string | undefined, string | undefined, boolean | undefined]>([
  ["no schedule", [], "stable", "NodeImage", false],
  ["one for each", [upgrades, images], "stable", "NodeImage", true],
  ["none for node images", [upgrades], "stable", "NodeImage", false],
  ["none for upgrades of the cluster", [images], "patch", "SecurityPatch", false],
  ["the channel node-image keeps to the cluster's", [upgrades], "node-image", "None", true],
  ["node images are the owner's matter", [upgrades], "rapid", "Unmanaged", true],
  ["that of weekly releases is not enough", [releases], "stable", "None", false],
  ["it is where nothing else comes unasked", [releases], "none", "None", true],
  ["nothing comes unasked but weekly releases", [upgrades, images], "none", "None", false],
  ["how it is upgraded is unknown, both have one", [images, upgrades], undefined, "NodeImage", true],
  ["how it is upgraded is unknown, one has none", [upgrades], "stable", undefined, undefined],
  ["names do not mind their case", [{ ...upgrades, name: "AKSMANAGEDAUTOUPGRADESCHEDULE" }], "stable", "None", true],
  ["a window of another type", [{ ...upgrades, maintenanceWindow: "daily" }], "stable", "None", undefined],
  ["a window without a schedule", [{ ...upgrades, maintenanceWindow: {} }], "stable", "None", undefined],
  [
    "a schedule of no kind",
    [{ ...upgrades, maintenanceWindow: { schedule: { daily: undefined } } }],
    "stable",
    "None",
    undefined,
  ],
  ["a day without hours", [{ name: "default", timeInWeek: [{ day: "Sunday" }] }], "none", "None", undefined],
  ["a schedule without hours", [{ name: "default", timeInWeek: [] }], "none", "None", false],
  ["hours of another type", [{ name: "default", timeInWeek: "Sunday" }], "none", "None", undefined],
  ["null for hours", [{ name: "default", timeInWeek: null }], "none", "None", false],
  ["one that began", [from(new Date("2026-11-22"))], "stable", "None", true],
  ["one that begins tomorrow", [from(new Date("2026-11-23"))], "stable", "None", false],
  ["as ARM writes the date", [from("2026-11-23")], "stable", "None", false],
  ["tomorrow has come where its clock is", [from("2026-11-23", "+12:00")], "stable", "None", true],
  ["today has not come where its clock is", [from("2026-11-22", "-12:30")], "stable", "None", false],
  ["a date that is none", [from("soon")], "stable", "None", undefined],
  ["a clock that is none", [from("2026-11-22", "CET")], "stable", "None", undefined],
  ["null for the date", [from(null)], "stable", "None", true],
  ["one began and one did not", [from("2026-11-23"), images], "stable", "NodeImage", false],
  ["an entry without a name", [{ ...upgrades, name: 7 }], "stable", "None", undefined],
  ["entries that are nothing", [null, "text", 7], "stable", "None", undefined],
])("%s", (_, configurations, channel, nodeChannel, expected) => {
  expect(maintenanceWindow(configurations, channel, nodeChannel, NOW)).toBe(expected);
});
