import { type Given, wordOf } from "./objects";

/**
 * The namespaces that workloads name and that were not given, each written where the first of its workloads names it. Nothing
 * more is known of them: neither labels nor annotations.
 */
export function namedNamespaces(given: readonly Given[]): Given[] {
  const known = new Set(
    given.filter(({ object }) => wordOf(object) === "Namespace").map(({ object }) => object.metadata.name),
  );
  const found: Given[] = [];
  for (const { object, source, lines, prefix } of given) {
    const { namespace: name = "" } = object.metadata;
    if (name === "" || known.has(name) || wordOf(object) !== "Workload") continue;
    known.add(name);
    const line = `${prefix}metadata.namespace`;
    found.push({
      object: { apiVersion: "v1", kind: "Namespace", metadata: { name } },
      source,
      lines: { of: () => lines.of(line) },
      prefix,
    });
  }
  return found;
}
