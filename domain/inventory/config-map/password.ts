import { isMask, isPlaceholder, isVariable, saysNoPassword } from "./placeholder";

/** A password before the host of an address, up to the last `@`, where `%24` may stand for a sign. References are none. */
const BEFORE_HOST =
  /:\/\/[^/:@\s"'`<>]{0,200}:((?:[^/$@\s"'`<>{%]|%[0-9A-Fa-f]{2}|[$][^({/@\s])[^/\s"'`<>]{0,200})@[A-Za-z0-9[${%<]/g;
/** `***`, `%DBPASS%` and `$DBPASS`. */
const FILLED_BY_OTHERS = /^(?:[*]+|%\w{1,100}%|[$][A-Z_][A-Z0-9_]{0,100})$/;

/** Whether a text holds an address with a password before its host that is no mask, as logs of Go (`xxxxx`) and others write them. */
export function holdsAddressWithUser(text: string): boolean {
  for (const [, password = ""] of text.matchAll(BEFORE_HOST))
    if (!isMask(password) && !FILLED_BY_OTHERS.test(password)) return true;
  return false;
}

/** The parameter of an address that holds a password, `?user=a&password=b`. References (`${NAME}`, `<name>`, `%NAME%`) are none. */
const PARAMETER = /[?&;](?:password|passwd|pwd)=[^&;$<{%*\s"'`]/gi;
/** What no address holds. */
const OUTSIDE = /[\s"'`<>]/;
const VALUE = /^[^&;\s"'`<>]*/;
/** An address is not longer up to its password. */
const LONGEST = 300;

/** Whether a text holds an address with a password among its parameters. Every parameter is looked at once, and so far back alone. */
export function holdsAddressWithPassword(text: string): boolean {
  for (const { index, 0: parameter } of text.matchAll(PARAMETER)) {
    if (!endsInAddress(text.slice(Math.max(0, index - LONGEST), index))) continue;
    const start = index + parameter.length - 1;
    if (!isPlaceholder(VALUE.exec(text.slice(start, start + LONGEST))?.[0] ?? "")) return true;
  }
  return false;
}

/** Looks from the last place alone where an address may begin, and not from every `//`. */
function endsInAddress(text: string): boolean {
  const start = Math.max(text.lastIndexOf("//"), text.toLowerCase().lastIndexOf("jdbc:"));
  return start !== -1 && !OUTSIDE.test(text.slice(start));
}

/** A setting on a line of its own, as YAML, properties, INI and environment files write it. Comments begin otherwise. */
const LINE =
  /^[ \t]{0,100}(?:- {1,4}|export )?([\w.-]{0,100}(?:password|passwd|passphrase|pwd))([ \t]{0,20}[:=][ \t]{0,20})(\S{1,200})[ \t\r]{0,20}(?:#.{0,200})?$/i;
/** One whose value stands in quotes, wherever in a line: JSON, and YAML that is written like it. */
const QUOTED =
  /(?:password|passwd|passphrase|pwd)(?<=([\w.-]{1,100}))(\\?["']?)[ \t]{0,4}[:=]\s{0,4}(?:\\?"([^"\s\\]{1,200})\\?"|'([^"'\s\\]{1,200})')/gi;
/** The same with blanks in it. */
const PHRASE =
  /(?:password|passwd|passphrase|pwd)(?<=([\w.-]{1,100}))\\?["']?[ \t]{0,4}[:=]\s{0,4}(?:\\?"([^"\\\n]{3,100})\\?"|'([^'\\\n]{3,100})')/gi;
/** As Redis has it. */
const DIRECTIVE = /^[ \t]{0,100}(requirepass|masterauth)[ \t]{1,20}["']?([^\s"']{1,200})/gm;
/** An element of XML, as Maven's settings have it, be it as CDATA. */
const ELEMENT =
  /<([\w:.-]{0,60}(?:password|passwd|passphrase|pwd))>\s{0,20}(?:<!\[CDATA\[\s{0,20})?([^<>\s]{1,200}?)\s{0,20}(?:\]\]>\s{0,20})?<\//gi;
/** A name on a line of its own whose value follows on the next: a block of YAML, and lists of settings that go on. */
const OPEN =
  /^([ \t]{0,100}(?:- {1,4})?)([\w.-]{0,100}(?:password|passwd|passphrase|pwd))[ \t]{0,20}([:=])[ \t]{0,20}(\\|[|>][-+\d]{0,2})?[ \t\r]{0,20}(?:#.{0,200})?$/i;
const NEXT = /^([ \t]{0,200})(["']?)([^\s"']{1,200})\2[ \t\r]{0,20}$/;
/** Most texts speak of no password, and are not taken apart. */
const ANY = /passw|passphrase|pwd|requirepass|masterauth/i;

/** References, encrypted values, paths and ends of code stand where a password could. */
const NONE =
  /^(?:[$<{%*!&|>~,;(]|[^A-Za-z0-9]+$|ENC[([]|(?:vault|file|env|arn|ref\+|secret):|[\w+.-]{2,20}:\/\/|\/)|[[\]{}]|[$]\(|[,;]$|\.(?:password|passwd|pwd)$/i;
/** What calls something is code, and in files of variables alone a bracket is like any other sign: `DB_PASSWORD=pa$$w0rd(1)`. */
const isCode = (name: string, sign: string, value: string): boolean =>
  /[()]/.test(value) && (sign !== "=" || !/^[A-Z0-9_]+$/.test(name) || /^[\w.:>?-]*\(/.test(value));
/** What stands in for a reference that leads nowhere: `${DB_PASSWORD:-hunter2}`, and `${db.password:hunter2}` as Spring has it. */
const DEFAULT = /^[$]\{[\w.-]{1,100}:[-=]?([^\s${}?][^\s${}]{0,200})\}$/;
const isPassword = (name: string, sign: string, given: string, isText = false): boolean =>
  isSetPassword(name, sign, DEFAULT.exec(given)?.[1] ?? given, isText);
const isSetPassword = (name: string, sign: string, value: string, isText: boolean): boolean =>
  !NONE.test(value) && !isCode(name, sign, value) && !isPlaceholder(value) && !saysNoPassword(name, value, isText);
/** What a line on its own sets, without quotes. */
const isBarePassword = (name: string, sign: string, value: string): boolean =>
  !/["']/.test(value) && !isVariable(sign, value) && isPassword(name, sign, ended(sign, value));
/** Without the end of a field, `password=hunter2;`: what consists of letters may be a variable in code, which writes blanks more often. */
const ended = (sign: string, value: string): string =>
  sign === "=" && /^[^;]{0,199}[^A-Za-z_.;][^;]{0,199};$/.test(value) ? value.slice(0, -1) : value;

/** Words with digits that texts about passwords hold: `At least 8 characters, Base64`. */
const TOLD =
  /^(?:(?:sha|md|base|utf|aes|rsa|pkcs|rfc|x|ipv|oauth|pbkdf|argon|bcrypt|http|v)-?\d\w*|\d+\w+|k8s|e2e)[.,:;]?$/i;
/** Whether words in quotes are a password, and no text about one: few, and one of them as nobody writes words. */
function isPhrase(value: string): boolean {
  const words = value.trim().split(/\s+/);
  if (words.length < 2 || words.length > 6 || /passw|passphrase|pwd|secret/i.test(value)) return false;
  return words.some((word) => /[A-Za-z]\d|\d[A-Za-z]|[A-Za-z][@#$%^&*+=][A-Za-z\d]/.test(word) && !TOLD.test(word));
}

/** A line of `/etc/passwd`. */
const USER = /^[\w-]{1,100}:[x*!]?:\d/;
/** Whether the line after a name is its value, and a password. */
function followsOn([, indent = "", name = "", sign = "", mark = ""]: readonly string[], next: string): boolean {
  const [, deeper = "", quote, value] = NEXT.exec(next) ?? [];
  if (value === undefined || value.endsWith(":") || USER.test(value)) return false;
  if (mark !== "\\" && deeper.length <= indent.length) return false;
  // Between blocks of code a word may be anything.
  if (mark === "" && quote === "" && /^[A-Za-z_.]+$/.test(value)) return false;
  return isPassword(name, sign === "=" ? sign : ": ", value, quote !== "");
}

/**
 * Whether a file within a text sets a password: `db.password=hunter2`, `"password": "hunter2"`. Each line, and each word that could be such a
 * name, is looked at once and no further than some hundred letters, so that the time grows with the text's length alone.
 */
export function setsPassword(text: string): boolean {
  if (!ANY.test(text)) return false;
  for (const [, name = "", quote, double, single = ""] of text.matchAll(QUOTED))
    if (isPassword(name, "", double ?? single, quote !== "")) return true;
  for (const [, name = "", double, single = ""] of text.matchAll(PHRASE))
    if (isPhrase(double ?? single) && isPassword(name, "", double ?? single, true)) return true;
  for (const [, name = "", value = ""] of text.matchAll(DIRECTIVE)) if (isPassword(name, "", value)) return true;
  for (const [, name = "", value = ""] of text.matchAll(ELEMENT)) if (isPassword(name, "", value)) return true;
  return linesSetPassword(text);
}

function linesSetPassword(text: string): boolean {
  let open: readonly string[] | null = null;
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const stop = end === -1 ? text.length : end;
    const line = stop - start > LONGEST * 2 ? "" : text.slice(start, stop);
    const [, name = "", sign = "", bare] = LINE.exec(line) ?? [];
    if (bare !== undefined && isBarePassword(name, sign, bare)) return true;
    if (open !== null && followsOn(open, line)) return true;
    open = OPEN.exec(line);
    start = stop + 1;
  }
  return false;
}
