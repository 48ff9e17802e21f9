import { reader } from "@/connectors/azure/answer";

/**
 * Names of the schedules that upgrades keep to: of the cluster's channel, of node images, and of AKS' own weekly releases. There are no
 * others. https://learn.microsoft.com/azure/aks/planned-maintenance
 */
const SCHEDULES = {
  cluster: "aksmanagedautoupgradeschedule",
  nodes: "aksmanagednodeosupgradeschedule",
  releases: "default",
} as const;
const IMAGE_UPGRADES = ["nodeimage", "securitypatch"];

const isThere = (value: unknown): boolean => typeof value === "object" && value !== null;
const isNotEmpty = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

type Read = ReturnType<typeof reader>;

/** Milliseconds that a window's clock is ahead of UTC, which it keeps to when it names no offset; undefined when that cannot be read. */
function offsetMs(read: Read): number | undefined {
  const [, sign, hours, minutes] =
    /^([+-])(\d{2}):(\d{2})$/.exec(read.text(["maintenanceWindow", "utcOffset"], "+00:00") ?? "") ?? [];
  return sign === undefined ? undefined : (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/**
 * "If the current date is before this date, the maintenance window is inactive and will not be used for upgrades. If not specified, the
 * maintenance window will be active right away." Undefined when the date, or the clock it is of, cannot be read.
 */
function isActive(read: Read, now: Date): boolean | undefined {
  if (!read.isThere(["maintenanceWindow", "startDate"])) return true;
  const [start, offset] = [read.time(["maintenanceWindow", "startDate"]), offsetMs(read)];
  return start === undefined || offset === undefined ? undefined : now.getTime() >= Date.parse(start) - offset;
}

/** Whether a schedule names hours that hold at `now`; undefined when it holds what is no schedule. */
function hasHours(configuration: unknown, now: Date): boolean | undefined {
  const read = reader(configuration);
  if (read.entries(["maintenanceWindow"]) !== undefined) {
    const kinds = read.entries(["maintenanceWindow", "schedule"]) ?? [];
    return kinds.some(([, kind]) => isThere(kind)) ? isActive(read, now) : undefined;
  }
  const weekly: unknown = Reflect.get(Object(configuration), "timeInWeek");
  if (weekly === undefined || weekly === null) return false;
  if (!Array.isArray(weekly)) return undefined;
  if (weekly.some((day) => isNotEmpty(Reflect.get(Object(day), "hourSlots")))) return true;
  return weekly.length === 0 ? false : undefined;
}

/**
 * Whether all that upgrades a cluster without being asked keeps to hours that somebody chose. `channel` and `nodeChannel` as AKS writes
 * them; undefined, they are unknown, and then only a cluster with a schedule for both surely keeps to one. A window that begins after `now`
 * is none yet.
 */
export function maintenanceWindow(
  configurations: readonly unknown[],
  channel: string | undefined,
  nodeChannel: string | undefined,
  now: Date,
): boolean | undefined {
  const names = configurations.map((each) => reader(each).text(["name"])?.toLowerCase());
  const kept = (name: string): boolean | undefined => {
    const found = configurations[names.indexOf(name)];
    // One that has no name that can be read may be the one that is looked for.
    return found === undefined ? (names.includes(undefined) ? undefined : false) : hasHours(found, now);
  };
  const isUnknown = channel === undefined || nodeChannel === undefined;
  const upgrades = isUnknown || channel.toLowerCase() !== "none";
  const images = isUnknown || IMAGE_UPGRADES.includes(nodeChannel.toLowerCase());
  const needed = [...(upgrades ? [kept(SCHEDULES.cluster)] : []), ...(images ? [kept(SCHEDULES.nodes)] : [])];
  const all = needed.length > 0 ? needed : [kept(SCHEDULES.releases)];
  if (all.every((each) => each === true)) return true;
  return isUnknown || !all.includes(false) ? undefined : false;
}
