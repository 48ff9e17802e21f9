/** Names that reading a property could find on a prototype: these are read through an own-property check. */
export const INHERITED: ReadonlySet<string> = new Set(
  [Object.prototype, Array.prototype, String.prototype, Number.prototype, Boolean.prototype, BigInt.prototype]
    .concat([Uint8Array.prototype, Object.getPrototypeOf(Uint8Array.prototype)])
    .flatMap((prototype: object) => Object.getOwnPropertyNames(prototype)),
);
