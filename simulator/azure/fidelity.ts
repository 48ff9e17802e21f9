import { ContainerServiceClient } from "@azure/arm-containerservice";
import * as mappers from "@azure/arm-hybridkubernetes/dist-esm/src/models/mappers.js";
import type { TokenCredential } from "@azure/core-auth";
import { createHttpHeaders, type HttpClient } from "@azure/core-rest-pipeline";

/**
 * Holds every answer against what the official SDKs ship: a field that an SDK does not know is a mistake of the simulator.
 */
const credential: TokenCredential = {
  getToken: async () => ({ token: "fidelity", expiresOnTimestamp: Date.now() + 3_600_000 }),
};

const canned = (text: string): HttpClient => ({
  sendRequest: async (request) => ({
    request,
    status: 200,
    headers: createHttpHeaders({ "content-type": "application/json" }),
    bodyAsText: text,
  }),
});

/** All leaf values as JSON, so that `true` is not the text "true": equal before and after a deserializer that knows every field. */
function leaves(value: unknown, into: string[] = []): string[] {
  if (value instanceof Date) into.push(JSON.stringify(value));
  else if (value instanceof Uint8Array) into.push(JSON.stringify(Buffer.from(value).toString("base64")));
  else if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) leaves(inner, into);
  else if (value !== undefined && value !== null) into.push(JSON.stringify(value));
  return into;
}

const verified = new Set<string>();

/** Each answer of the container service that is simulated, as the SDK's own client reads it. */
const READERS = {
  managedClusters: (client: ContainerServiceClient) => collected(client.managedClusters.list()),
  agentPools: (client: ContainerServiceClient) => collected(client.agentPools.list("g", "c")),
  maintenance: (client: ContainerServiceClient) =>
    collected(client.maintenanceConfigurations.listByManagedCluster("g", "c")),
  credentials: (client: ContainerServiceClient) => client.managedClusters.listClusterUserCredentials("g", "c"),
} satisfies Record<string, (client: ContainerServiceClient) => Promise<unknown>>;

async function collected(pages: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

/** Checks an answer by the container service's own deserializer. Errors: Error naming the lost values. */
export async function checkContainerService(kind: keyof typeof READERS, body: Record<string, unknown>): Promise<void> {
  const { nextLink: _, ...answer } = body; // the client follows it, and gives it to nobody
  const text = JSON.stringify(answer);
  if (verified.has(text)) return;
  const client = new ContainerServiceClient(credential, "fidelity", { httpClient: canned(text) });
  const kept = leaves(await READERS[kind](client));
  for (const value of leaves(answer)) {
    const at = kept.indexOf(value);
    if (at < 0) throw new Error(`${kind}: the SDK does not know the field that holds ${value}`);
    kept.splice(at, 1);
  }
  if (verified.size > 500) verified.clear();
  verified.add(text);
}

interface Mapper {
  serializedName?: string;
  required?: boolean;
  type: {
    name: string;
    className?: string;
    modelProperties?: Record<string, Mapper>;
    element?: Mapper;
    value?: Mapper;
    allowedValues?: unknown[];
  };
}

const leaf = (serializedName: string, name: string): Mapper => ({ serializedName, type: { name } });
const part = (serializedName: string, ...members: Mapper[]): Mapper => ({
  serializedName,
  type: { name: "Composite", modelProperties: Object.fromEntries(members.map((member, index) => [index, member])) },
});
/** What the API has and the SDK's release of 2021 has not: https://learn.microsoft.com/azure/templates/microsoft.kubernetes/2026-05-01/connectedclusters */
const NEWER: Record<string, Mapper> = Object.fromEntries(
  [
    part("properties.aadProfile", leaf("enableAzureRBAC", "Boolean"), leaf("tenantID", "String")),
    part("properties.securityProfile", part("workloadIdentity", leaf("enabled", "Boolean"))),
    part("properties.oidcIssuerProfile", leaf("enabled", "Boolean"), leaf("issuerUrl", "String")),
    part("properties.arcAgentProfile", leaf("agentAutoUpgrade", "String"), leaf("agentState", "String")),
    leaf("properties.privateLinkState", "String"),
  ].map((mapper) => [mapper.serializedName, mapper]),
);

const SCALARS: Record<string, string> = { String: "string", Number: "number", Boolean: "boolean", DateTime: "string" };
const dictionary: Record<string, unknown> = { ...mappers };

function composite(className: string | undefined): Mapper {
  const found = dictionary[className ?? ""];
  if (typeof found !== "object" || found === null || !("type" in found)) throw new Error(`no mapper ${className}`);
  return found as Mapper; // the SDK's own shape, which it types no closer
}

function checkObject(at: string, value: unknown, mapper: Mapper): void {
  if (typeof value !== "object" || value === null) throw new Error(`${at} is not an object`);
  const known = mapper.type.modelProperties ?? composite(mapper.type.className).type.modelProperties ?? {};
  const properties = mapper.type.className === "ConnectedCluster" ? { ...known, ...NEWER } : known;
  const wire = new Map(Object.values(properties).map((property) => [property.serializedName ?? "", property]));
  const flat: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === "properties" && !wire.has(key))
      for (const [name, leaf] of Object.entries(inner ?? {})) flat[`properties.${name}`] = leaf;
    else flat[key] = inner;
  }
  for (const [key, inner] of Object.entries(flat)) {
    const property = wire.get(key);
    if (property === undefined) throw new Error(`${at}.${key} is not in the mapper ${mapper.type.className}`);
    checkValue(`${at}.${key}`, inner, property);
  }
  for (const [key, property] of wire)
    if (property.required && !(key in flat)) throw new Error(`${at}.${key} is required`);
}

function checkValue(at: string, value: unknown, mapper: Mapper): void {
  const { type } = mapper;
  if (type.name === "Composite") checkObject(at, value, mapper);
  else if (type.name === "Sequence") {
    if (!Array.isArray(value)) throw new Error(`${at} is not an array`);
    for (const [index, item] of value.entries()) if (type.element) checkValue(`${at}[${index}]`, item, type.element);
  } else if (type.name === "Dictionary") {
    for (const [key, item] of Object.entries(value ?? {})) if (type.value) checkValue(`${at}.${key}`, item, type.value);
  } else if (type.name === "Enum") {
    if (!type.allowedValues?.includes(value)) throw new Error(`${at} is not an allowed value`);
  } else if (typeof value !== SCALARS[type.name]) throw new Error(`${at} is not a ${type.name}`);
}

/** Checks a `connectedClusters` resource or list by the SDK's mapper. Errors: Error naming the field. */
export function checkHybridKubernetes(className: "ConnectedCluster" | "ConnectedClusterList", value: unknown): void {
  checkObject(className, value, composite(className));
}
