/** An image's reference in two parts: what it is, and where it comes from. */
export interface ImageName {
  /** Repository with its tag, without a digest: `eks/coredns:v1.11.4`. */
  image: string;
  /** Host of the registry; empty when the reference names none. */
  registry: string;
}

/**
 * Takes a reference apart as container runtimes do: what stands before the first slash is a registry when it has a dot or a
 * port or is `localhost` (https://github.com/distribution/reference). Text that is no reference comes back whole.
 */
export function imageName(reference: string): ImageName {
  const named = reference.replace(/@sha256:[0-9a-f]{64}$/, "");
  const slash = named.indexOf("/");
  const first = named.slice(0, Math.max(slash, 0));
  const isRegistry = first === "localhost" || /[.:]/.test(first);
  if (!isRegistry || slash === named.length - 1) return { image: named, registry: "" };
  return { image: named.slice(slash + 1), registry: first };
}
