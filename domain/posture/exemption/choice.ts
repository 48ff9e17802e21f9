import type { ExemptionTarget } from "./schema";

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
