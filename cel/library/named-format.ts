import { NONE, Opaque, Optional, type Result, type Value } from "../value/boxed";
import { spendLength } from "../value/budget";
import { NO_OVERLOAD } from "../value/fault";
import { parseTimestamp } from "../value/instant";
import type { Library } from "./library";
import { isUrl } from "./url";

/** A named format of Kubernetes: `format.dns1123Label().validate(x)` gives what is wrong, or none. */
class Format extends Opaque {
  readonly $name = "kubernetes.NamedFormat";
  constructor(
    readonly $format: string,
    readonly $problem: (text: string) => string | null,
  ) {
    super();
  }
  $same(other: Opaque): boolean {
    return other instanceof Format && other.$format === this.$format;
  }
}

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = new RegExp(`^${LABEL}(\\.${LABEL})*$`);

const shaped =
  (pattern: RegExp, most: number, what: string) =>
  (text: string): string | null => {
    if (text.length > most) return `must be no more than ${most} characters`;
    return pattern.test(text) ? null : `must be ${what}`;
  };

const label = shaped(new RegExp(`^${LABEL}$`), 63, "a lowercase RFC 1123 label");
const subdomain = shaped(SUBDOMAIN, 253, "a lowercase RFC 1123 subdomain");
const label1035 = shaped(/^[a-z]([-a-z0-9]*[a-z0-9])?$/, 63, "an RFC 1035 label");

/** The beginning of a name, as Kubernetes tests it: a dash at the end and what is before it stand for one letter. */
const beginning =
  (name: (text: string) => string | null) =>
  (text: string): string | null =>
    name(text.length > 1 && text.endsWith("-") ? `${text.slice(0, -2)}a` : text);

function qualifiedName(text: string): string | null {
  const parts = text.split("/");
  const name = parts.at(-1) ?? "";
  if (parts.length > 2) return "must be a name with an optional prefix and one slash";
  if (parts.length === 2 && subdomain(parts[0] ?? "") !== null) return "must have a DNS subdomain before the slash";
  return name.length <= 63 && QUALIFIED.test(name) ? null : "must be a qualified name";
}

const FORMATS: Readonly<Record<string, (text: string) => string | null>> = {
  dns1123Label: label,
  dns1123LabelPrefix: beginning(label),
  dns1123Subdomain: subdomain,
  dns1123SubdomainPrefix: beginning(subdomain),
  dns1035Label: label1035,
  dns1035LabelPrefix: beginning(label1035),
  qualifiedName,
  labelValue: (text) => (text === "" || (text.length <= 63 && QUALIFIED.test(text)) ? null : "must be a label value"),
  uri: (text) => (isUrl(text) ? null : "must be a URI"),
  uuid: shaped(/^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i, 36, "a UUID"),
  byte: shaped(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/, 1 << 20, "base64"),
  date: (text) =>
    /^\d{4}-\d\d-\d\d$/.test(text) && typeof parseTimestamp(`${text}T00:00:00Z`) !== "symbol" ? null : "must be a date",
  datetime: (text) => (typeof parseTimestamp(text) === "symbol" ? "must be an RFC 3339 date and time" : null),
};

const formats = new Map(Object.entries(FORMATS).map(([name, problem]) => [name, new Format(name, problem)]));

function validate(format: Value, text: Value): Result {
  if (!(format instanceof Format) || typeof text !== "string") return NO_OVERLOAD;
  spendLength(text.length);
  const problem = format.$problem(text);
  return problem === null ? NONE : new Optional([problem]);
}

/** Kubernetes' format library. */
export const namedFormats: Library = {
  ...Object.fromEntries([...formats].map(([name, format]) => [`format.${name}/0`, () => format])),
  "format.named/1": (name) => {
    if (typeof name !== "string") return NO_OVERLOAD;
    const format = formats.get(name);
    return format === undefined ? NONE : new Optional(format);
  },
  ".validate/1": validate,
};
