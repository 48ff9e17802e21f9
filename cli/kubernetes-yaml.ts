import {
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  floatYaml11Tag,
  intYaml11Tag,
  mapTag,
  NOT_RESOLVED,
  Schema,
  seqTag,
  strTag,
  YAML11_SCHEMA,
} from "js-yaml";

const INT = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const DIGITS = [..."0123456789"];

/** What JSON can't hold (.inf, .nan, 1e999) stays text: Kubernetes refuses it, so no control may take it for a number. */
const finite = (value: number): number | typeof NOT_RESOLVED => (Number.isFinite(value) ? value : NOT_RESOLVED);

function int(source: string): number | typeof NOT_RESOLVED {
  const plain = source.replaceAll("_", "");
  if (!INT.test(plain)) return NOT_RESOLVED;
  const sign = plain.startsWith("-") ? -1 : 1;
  const digits = plain.replace(/^[-+]/, "").toLowerCase();
  if (/^0[xob]/.test(digits)) return finite(sign * Number(digits));
  return finite(sign * Number.parseInt(digits, digits.length > 1 && digits.startsWith("0") ? 8 : 10));
}

function float(source: string): number | typeof NOT_RESOLVED {
  const plain = source.replaceAll("_", "");
  return FLOAT.test(plain) ? finite(Number(plain)) : NOT_RESOLVED;
}

/** Tags that Kubernetes' reader does not know: what they mark is read as if it were not marked. */
const UNKNOWN = { matchByTagPrefix: true } as const;
const unknownTags = ["!", "tag:"].flatMap((prefix) => [
  defineScalarTag<string>(prefix, { ...UNKNOWN, resolve: (source) => source, identify: () => false }),
  defineSequenceTag(prefix, { ...seqTag, ...UNKNOWN, identify: () => false }),
  defineMappingTag(prefix, { ...mapTag, ...UNKNOWN, identify: () => false }),
]);

/**
 * Scalars as sigs.k8s.io/yaml resolves them: YAML 1.1 words for booleans, octal with and without `o`, underscores in numbers;
 * no sexagesimal numbers, no dates, no sets; `!!binary` is its decoded text.
 */
export const KUBERNETES_YAML: Schema = new Schema([
  ...YAML11_SCHEMA.tags.filter(({ tagName }) => !/:(timestamp|binary|omap|pairs|set|int|float)$/.test(tagName)),
  defineScalarTag<number>(intYaml11Tag.tagName, {
    implicit: true,
    implicitFirstChars: ["-", "+", ...DIGITS],
    resolve: int,
    identify: () => false,
  }),
  defineScalarTag<number>(floatYaml11Tag.tagName, {
    implicit: true,
    implicitFirstChars: ["-", "+", ".", ...DIGITS],
    resolve: float,
    identify: () => false,
  }),
  defineScalarTag<string>(strTag.tagName.replace(/str$/, "binary"), {
    resolve: (source) => Buffer.from(source, "base64").toString("utf8"),
    identify: () => false,
  }),
  ...unknownTags,
]);
