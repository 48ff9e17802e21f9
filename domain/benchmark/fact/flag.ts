/** Facts that are flags of a control plane's processes begin so: `flags.KubeApiServer.audit-policy-file`. Safe in the browser. */
export const FLAGS = "flags.";

/** The kind of component and the flag that a fact names; null for every other fact. */
export function flagAsked(fact: string): { kind: string; flag: string } | null {
  if (!fact.startsWith(FLAGS)) return null;
  const [kind = "", ...flag] = fact.slice(FLAGS.length).split(".");
  return { kind, flag: flag.join(".") };
}
