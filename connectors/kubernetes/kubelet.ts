import type { Gap } from "@/domain/inventory/schema";
import type { KubeletSettings, KubernetesAccess } from "../connector";
import { type KubernetesClient, openClient, type ReaderOptions } from "./client";
import { asConnectorError, gapOf } from "./failure";
import { isAllowed } from "./review";

/** The right that opts in; nothing else does. */
export const KUBELET_PERMISSION = "get nodes/proxy";
/** Settings that controls read. The others stay where they are: some name files and hosts that are none of our business. */
const KEPT = [
  "authentication",
  "authorization",
  "readOnlyPort",
  "streamingConnectionIdleTimeout",
  "makeIPTablesUtilChains",
  "eventRecordQPS",
  "rotateCertificates",
  "serverTLSBootstrap",
  "tlsCertFile",
  "tlsCipherSuites",
  "tlsMinVersion",
  "podPidsLimit",
  "featureGates",
  "protectKernelDefaults",
  "seccompDefault",
] as const;
/** Of more nodes nothing is read; what was not read is unknown. */
const MAX_NODES = 500;
const PARALLEL = 8;
/** A kubelet answers at once or not at all. */
const TIMEOUT_MS = 5000;

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What controls read of a kubelet's answer; a gap when it is no configuration. */
function settingsIn(json: unknown, what: string): Record<string, unknown> | Gap {
  const config = isMap(json) && Object.hasOwn(json, "kubeletconfig") ? json.kubeletconfig : undefined;
  if (!isMap(config)) return gapOf("malformed", what, "The kubelet's answer holds no configuration.");
  return Object.fromEntries(KEPT.filter((key) => Object.hasOwn(config, key)).map((key) => [key, config[key]]));
}

async function one(client: KubernetesClient, node: string): Promise<Record<string, unknown> | Gap> {
  const what = `nodes/${node}/proxy/configz`;
  try {
    const path = `/api/v1/nodes/${encodeURIComponent(node)}/proxy/configz`;
    return settingsIn((await client.get(path, { what, permission: KUBELET_PERMISSION })).json, what);
  } catch (error) {
    return asConnectorError(error, what).gap;
  }
}

/**
 * Settings of kubelets, asked one by one through the API server. Null when the identity may not `get nodes/proxy`: not granting
 * it is the ordinary case. One node's failure is that node's alone, as a gap in its place; nodes beyond a bound are left out.
 */
export async function readKubelets(
  access: KubernetesAccess,
  options: ReaderOptions,
  nodes: readonly string[],
): Promise<KubeletSettings | null> {
  const client = openClient(access, { ...options, timeoutMs: TIMEOUT_MS, retryLimit: 0 });
  try {
    const action = { verb: "get", group: "", resource: "nodes", subresource: "proxy" };
    try {
      if (!(await isAllowed(client, action))) return null;
    } catch (error) {
      asConnectorError(error, "selfsubjectaccessreviews"); // Who can't be asked whether it may is taken not to be allowed.
      return null;
    }
    const read = new Map<string, Record<string, unknown> | Gap>();
    const queue = nodes.slice(0, MAX_NODES);
    const worker = async () => {
      for (let node = queue.shift(); node !== undefined; node = queue.shift()) read.set(node, await one(client, node));
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, queue.length) }, worker));
    return read;
  } finally {
    await client.close();
  }
}
