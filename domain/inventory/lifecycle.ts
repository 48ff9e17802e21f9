import type { Distribution } from "./schema";

/**
 * Last days on which makers publish fixes, by minor version of Kubernetes. Where a cloud goes on longer for everybody who does
 * nothing (EKS: extended support), its last day counts; where one must ask for it (AKS long-term support, GKE's extended
 * channel), the ordinary day does. Read again on 21 November 2026:
 * - arc: kubernetes.io/releases.
 * - aks: the release calendar on learn.microsoft.com/azure/aks/supported-kubernetes-versions and the release notes of Azure/AKS.
 *   They name months: the last day of the month counts. 1.36: general since June 2026, and a version lasts 12 months.
 * - eks: docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html. 1.36: since 2 June 2026, for 14 + 12 months.
 * - gke: cloud.google.com/kubernetes-engine/docs/release-schedule. 1.34 is said to end in the last quarter of 2026; its day
 *   is that of the policy, 14 months after it came to the regular channel (30 September 2025), as for its neighbours.
 * What has no published day yet (1.37 of the clouds, 1.36 of GKE) is left out: it is not known.
 */
const KUBERNETES: Readonly<Record<Distribution, Readonly<Record<number, string>>>> = {
  arc: {
    28: "2024-10-28",
    29: "2025-02-28",
    30: "2025-07-15",
    31: "2025-11-11",
    32: "2026-02-28",
    33: "2026-06-28",
    34: "2026-10-27",
    35: "2027-02-28",
    36: "2027-06-28",
    37: "2027-10-28",
  },
  aks: {
    28: "2025-01-31",
    29: "2025-03-31",
    30: "2025-07-31",
    31: "2025-11-30",
    32: "2026-04-30",
    33: "2026-07-31",
    34: "2026-11-30",
    35: "2027-03-31",
    36: "2027-06-30",
  },
  eks: {
    28: "2025-11-26",
    29: "2026-03-23",
    30: "2026-07-23",
    31: "2026-11-26",
    32: "2027-03-23",
    33: "2027-07-29",
    34: "2027-12-02",
    35: "2028-03-27",
    36: "2028-08-02",
  },
  gke: {
    28: "2025-02-04",
    29: "2025-03-21",
    30: "2025-09-30",
    31: "2025-12-22",
    32: "2026-04-11",
    33: "2026-08-03",
    34: "2026-11-30",
    35: "2027-04-11",
  },
};
/** Before these nothing is supported by anybody, and after them the table knows nothing. */
const FIRST_MINOR = 28;

/**
 * Operating systems as a node names them, and the last day on which everybody gets fixes. Sources: the makers' own pages
 * (ubuntu.com/about/release-cycle: five years, or nine months; wiki.debian.org/LTS; aws.amazon.com; learn.microsoft.com).
 */
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/^Ubuntu 16\.04/, "2021-04-30"],
  [/^Ubuntu 18\.04/, "2023-05-31"],
  [/^Ubuntu 20\.04/, "2025-05-31"],
  [/^Ubuntu 22\.04/, "2027-04-30"],
  [/^Ubuntu 24\.04/, "2029-04-30"],
  [/^Ubuntu 26\.04/, "2031-04-30"],
  [/^Ubuntu (2[0-3]\.10|2[13]\.04)/, "2024-07-31"],
  [/^Ubuntu 24\.10/, "2025-07-31"],
  [/^Ubuntu 25\.04/, "2026-01-31"],
  [/^Ubuntu 25\.10/, "2026-07-31"],
  [/^Ubuntu 26\.10/, "2027-07-31"],
  [/^Debian GNU\/Linux 9\b/, "2022-06-30"],
  [/^Debian GNU\/Linux 10\b/, "2024-06-30"],
  [/^Debian GNU\/Linux 11\b/, "2026-08-31"],
  [/^Debian GNU\/Linux 12\b/, "2028-06-30"],
  [/^Debian GNU\/Linux 13\b/, "2030-06-30"],
  [/^Amazon Linux 2$/, "2026-06-30"],
  [/^Amazon Linux 2023/, "2029-06-30"],
  [/^CBL-Mariner(\/Linux)?\b/, "2025-11-30"],
  [/^Microsoft Azure Linux 2\b/, "2025-11-30"],
  [/^CentOS Linux [67]\b/, "2024-06-30"],
  [/^CentOS Linux 8\b/, "2021-12-31"],
  [/^CentOS Stream 8\b/, "2024-05-31"],
  [/^CentOS Stream 9\b/, "2027-05-31"],
  [/^Red Hat Enterprise Linux Server 7\b/, "2024-06-30"],
  [/^Red Hat Enterprise Linux (CoreOS )?8\b/, "2029-05-31"],
  [/^Red Hat Enterprise Linux 9\b/, "2032-05-31"],
  [/^(Rocky|AlmaLinux|Oracle Linux Server)( Linux)? 8\b/, "2029-05-31"],
  [/^(Rocky|AlmaLinux|Oracle Linux Server)( Linux)? 9\b/, "2032-05-31"],
  [/^SUSE Linux Enterprise Server 12\b/, "2024-10-31"],
  [/^SUSE Linux Enterprise Server 15 SP[1-5]\b/, "2024-12-31"],
  [/^SUSE Linux Enterprise Server 15 SP6\b/, "2025-12-31"],
  [/^SUSE Linux Enterprise Server 15 SP7\b/, "2031-07-31"],
  [/^Windows Server 2016\b/, "2027-01-12"],
  [/^Windows Server 2019\b/, "2029-01-09"],
  [/^Windows Server 2022\b/, "2031-10-14"],
];
/** Systems that are released with the version of Kubernetes that they carry, and end with it. */
const WITH_KUBERNETES = /^(Container-Optimized OS|Bottlerocket OS|Red Hat Enterprise Linux CoreOS|Talos)\b/;

/** Whether the day of `now` (UTC) is not past a day. */
const isUntil = (now: Date, day: string): boolean => now.toISOString().slice(0, 10) <= day;

/** Whether a version of Kubernetes (`v1.33.1-gke.100`) still gets fixes; undefined when it is in no table. */
export function isKubernetesSupported(version: string, distribution: Distribution, now: Date): boolean | undefined {
  const minor = Number(/^v?1\.(\d+)(\.|$)/.exec(version)?.[1] ?? Number.NaN);
  if (minor < FIRST_MINOR) return false;
  const last = KUBERNETES[distribution][minor];
  return last === undefined ? undefined : isUntil(now, last);
}

/** The same for an operating system, as a node names it; `kubernetes` answers for those that live and die with it. */
export function isSystemSupported(name: string, now: Date, kubernetes: boolean | undefined): boolean | undefined {
  const last = SYSTEMS.find(([pattern]) => pattern.test(name))?.[1];
  if (last !== undefined) return isUntil(now, last);
  return WITH_KUBERNETES.test(name) ? kubernetes : undefined;
}
