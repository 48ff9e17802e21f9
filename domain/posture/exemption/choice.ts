import type { ExemptionRequest, ExemptionTarget } from "./schema";

/** What each type does, for who chooses or decides. */
export const TYPE_WORDS: Readonly<Record<ExemptionRequest["type"], string>> = {
  mitigated: "Mitigated otherwise: counts as healthy",
  waiver: "Risk accepted: leaves the calculation",
};

interface About {
  control: { id: string };
  kind: string;
  apiGroup: string;
  namespace: string;
  name: string;
  cluster: { id: string; name: string };
  account: { id: string; name: string };
}

/** The target of one finding. Not its UID: a redeploy stays exempted. */
export const targetOf = ({ control, cluster, apiGroup, kind, namespace, name }: About): ExemptionTarget => ({
  control: control.id,
  cluster: cluster.id,
  ...(namespace === "" ? {} : { namespace }),
  ...{ apiGroup, kind, name },
});

/** What may be exempted beginning from one finding, the narrowest first. */
export function choicesOf(finding: About): { label: string; targets: ExemptionTarget[] }[] {
  const { control, cluster, account, namespace } = finding;
  return [
    { label: `${finding.kind} ${finding.name}, this control`, targets: [targetOf(finding)] },
    ...(namespace === ""
      ? []
      : [
          {
            label: `Namespace ${namespace} of ${cluster.name}, this control`,
            targets: [{ control: control.id, cluster: cluster.id, namespace }],
          },
        ]),
    { label: `Cluster ${cluster.name}, this control`, targets: [{ control: control.id, cluster: cluster.id }] },
    { label: `Account ${account.name}, this control`, targets: [{ control: control.id, account: account.id }] },
    { label: "Everywhere, this control", targets: [{ control: control.id }] },
  ];
}

/**
 * What a selection of open findings is called where they are exempted: it says which are so already, for those move by no other one.
 * `more`: how many are selected beside them that one exemption does not take.
 */
export function selectedWords(findings: readonly { exemption: unknown }[], more = 0): string {
  const selected = `${findings.length + more} selected findings`;
  const all =
    more > 0
      ? `The first ${findings.length} of the ${selected}`
      : findings.length === 1
        ? "The selected finding"
        : `The ${selected}`;
  const already = findings.filter(({ exemption }) => exemption !== null).length;
  if (already === 0) return all;
  if (findings.length === 1) return `${all}, exempted already`;
  return `${all}, ${already === findings.length ? "all" : already} of them exempted already`;
}

const MOST_NAMED = 3;
const MOST_WHY = 120;

/** What an exemption is called in the audit log: which controls it is for, why, and its id. */
export function auditName({
  id,
  targets,
  reason,
}: {
  id: string;
  targets: readonly ExemptionTarget[];
  reason: string;
}): string {
  const named = [...new Set(targets.map(({ control, group }) => control ?? group ?? "all controls"))];
  const more = named.length > MOST_NAMED ? ` and ${named.length - MOST_NAMED} more` : "";
  const why = [...reason].length > MOST_WHY ? `${[...reason].slice(0, MOST_WHY).join("")}…` : reason;
  return `${named.length === 0 ? "" : `${named.slice(0, MOST_NAMED).join(", ")}${more}: `}${why} (${id})`;
}

/** Where an exemption's target is, in words. `names` are those of accounts and clusters, by id. */
export function targetWords(target: ExemptionTarget, names: ReadonlyMap<string, string>): string {
  const { account, cluster, namespace, kind, name, labels, image } = target;
  const place = cluster ?? account;
  const where = [
    kind === undefined && name === undefined ? null : `${kind ?? ""} ${name ?? ""}`.trim(),
    namespace === undefined ? null : `namespace ${namespace}`,
    labels === undefined
      ? null
      : Object.entries(labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(", "),
    image === undefined ? null : `image ${image}`,
    place === undefined
      ? "everywhere"
      : `${cluster === undefined ? "account" : "cluster"} ${names.get(place) ?? "that is gone"}`,
  ];
  return where.filter((part) => part !== null).join(", ");
}
