import type { ReactNode } from "react";
import { CouldNotLook, NotTold } from "@/components/empty";
import { plural } from "@/components/format";
import type { ClusterDetail } from "../queries";
import { codeWord, distributionWord } from "./words";

const yes = (value: boolean | undefined, on: string, off: string): string | undefined =>
  value === undefined ? undefined : value ? on : off;

/** The API server's exposure in words; undefined when the cloud did not tell. */
function apiServer(api: {
  publicEndpoint?: boolean | undefined;
  privateEndpoint?: boolean | undefined;
  authorizedRanges?: string[] | undefined;
}): string | undefined {
  if (api.publicEndpoint === undefined) return undefined;
  if (!api.publicEndpoint) return "Private only";
  const ranges =
    api.authorizedRanges === undefined
      ? ""
      : api.authorizedRanges.length === 0 || api.authorizedRanges.some((range) => range.endsWith("/0"))
        ? ", from anywhere"
        : `, ${plural(api.authorizedRanges.length, "named network")}`;
  return `Public${ranges}${api.privateEndpoint === true ? ", and private" : ""}`;
}

/** What the cloud says of a cluster. A fact that it did not tell is hatched: it is neither yes nor no. */
export function ClusterFacts({ cluster }: { cluster: ClusterDetail }) {
  const facts = cluster.managed;
  if (facts === null) return <CouldNotLook>The cloud's description of this cluster has not been read.</CouldNotLook>;
  const left: [string, ReactNode][] = [
    [
      "Distribution",
      `${distributionWord(cluster.distribution)}${cluster.version === null ? "" : ` ${cluster.version}`}`,
    ],
    ["Region", cluster.region ?? undefined],
    ["Status", cluster.status === null ? undefined : codeWord(cluster.status)],
    ["API server", apiServer(facts.api)],
    ["Kubernetes RBAC", yes(facts.identity.rbac, "On", "Off")],
    ["Local accounts", yes(facts.identity.localAccounts, "Allowed", "Switched off")],
    ["Cloud directory", yes(facts.identity.cloudDirectory, "People can sign in with it", "Not used")],
    ["Workload identity", yes(facts.identity.workloadIdentity, "On", "Off")],
  ];
  const right: [string, ReactNode][] = [
    ["Network policy", facts.network.policyEngine],
    ["Audit log", yes(facts.logging.audit, "Kept", "Not kept")],
    ["API server log", yes(facts.logging.api, "Kept", "Not kept")],
    ["Secrets key", yes(facts.encryption.secretsCustomerKey, "A key of yours", "The cloud's own")],
    ["Automatic upgrade", yes(facts.upgrade.automatic, facts.upgrade.channel ?? "On", "Off")],
    ["Threat detection", yes(facts.security.threatDetection, "On", "Sensor off")],
    ["Policy add-on", yes(facts.security.policyAddon, "On", "Off")],
    ["Cluster id", cluster.uid === null ? undefined : <code key="uid">{cluster.uid}</code>],
  ];
  return (
    <div className="c-facts">
      {[left, right].map((side) => (
        <dl className="facts" key={side[0]?.[0]}>
          {side.flatMap(([name, value]) => [
            <dt key={`${name}-name`}>{name}</dt>,
            <dd key={name}>
              {value ?? <NotTold words={name === "Cluster id" ? "not read yet" : "not told by the cloud"} />}
            </dd>,
          ])}
        </dl>
      ))}
    </div>
  );
}

/** Node pools as the cloud describes them. */
export function NodePools({ cluster }: { cluster: ClusterDetail }) {
  const pools = cluster.managed?.nodePools;
  if (pools === undefined)
    return (
      <p className="mut">
        <NotTold /> Node pools could not be read.
      </p>
    );
  if (pools.length === 0) return <p className="mut">The cloud says that there are no node pools.</p>;
  return (
    <table className="t-np flow">
      <thead>
        <tr>
          <th>Pool</th>
          <th>Machine</th>
          <th className="num">Nodes</th>
          <th>Kubelet</th>
          <th>Image</th>
          <th className="num">Scale</th>
        </tr>
      </thead>
      <tbody>
        {pools.map((pool) => (
          <tr key={pool.name}>
            <td className="n0 wrap" style={{ fontWeight: 500 }}>
              {pool.name}
            </td>
            <td className="n1 wrap">{pool.machineType ?? <NotTold words="not told" />}</td>
            <td className="num n2">{pool.count ?? <NotTold words="not told" />}</td>
            <td className="n3 nw">{pool.version ?? <NotTold words="not told" />}</td>
            <td className="n5 wrap">{pool.osImage ?? <NotTold words="not told" />}</td>
            <td className="num n4">
              {pool.minCount === undefined || pool.maxCount === undefined ? (
                <span className="dim">fixed</span>
              ) : (
                `${pool.minCount} to ${pool.maxCount}`
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
