import { ownerOf } from "@/domain/inventory/owner";
import { type ResourceKey, resourceKeyText } from "@/domain/inventory/schema";
import type { Collected } from "./collect";

type Owner = string | null | undefined;

/** Whose each resource is: as it says itself, or as its namespace does. Undefined where what would say it was not seen. */
export function ownersIn(sightings: Collected["sightings"]): (key: ResourceKey) => Owner {
  const said = (key: ResourceKey): Owner => {
    const judged = sightings.get(resourceKeyText(key))?.judged;
    return judged ? ownerOf(judged) : undefined;
  };
  const namespaces = new Map<string, Owner>();
  const ofNamespace = (name: string): Owner => {
    if (name === "") return null;
    if (!namespaces.has(name)) namespaces.set(name, said({ apiGroup: "", kind: "Namespace", namespace: "", name }));
    return namespaces.get(name);
  };
  return (key) => {
    const own = said(key);
    return own === null ? ofNamespace(key.namespace) : own;
  };
}
