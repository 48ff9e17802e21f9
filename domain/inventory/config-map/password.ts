/** The parameter of an address that holds a password, `?user=a&password=b`. References (`${NAME}`, `<name>`, `%NAME%`) are none. */
const PARAMETER = /[?&;](?:password|passwd|pwd)=[^&;$<{%*\s"'`]/gi;
/** Where an address begins, and what none holds. */
const ADDRESS = /(?:\/\/|\bjdbc:)[^\s"'`<>]*$/i;
/** An address is not longer up to its password. */
const LONGEST = 300;

/** Whether a text holds an address with a password among its parameters. Every parameter is looked at once, and so far back alone. */
export function holdsAddressWithPassword(text: string): boolean {
  for (const { index } of text.matchAll(PARAMETER))
    if (ADDRESS.test(text.slice(Math.max(0, index - LONGEST), index))) return true;
  return false;
}

/** A setting on a line of its own, as YAML, properties, INI and environment files write it. Comments begin otherwise. */
const LINE =
  /^[ \t]{0,100}(?:- {1,4}|export )?[\w.-]{0,100}(?:password|passwd|passphrase|pwd)([ \t]{0,20}[:=][ \t]{0,20})(\S{1,200})[ \t\r]{0,20}(?:#.{0,200})?$/i;
/** One whose value stands in quotes, wherever in a line: JSON, and YAML that is written like it. */
const QUOTED =
  /(?:password|passwd|passphrase|pwd)\\?["']?[ \t]{0,4}[:=]\s{0,4}(?:\\?"([^"'\s\\]{1,200})\\?"|'([^"'\s\\]{1,200})')/gi;
/** An element of XML, as Maven's settings have it. */
const ELEMENT = /<[\w:.-]{0,60}(?:password|passwd|passphrase|pwd)>\s{0,20}([^<>\s]{1,200})\s{0,20}<\//gi;
/** Most texts speak of no password, and are not taken apart. */
const ANY = /passw|passphrase|pwd/i;

/** References, encrypted values, paths, types, switches and calls of programs stand where a password could. */
const NONE =
  /^(?:[$<{%*!&|>~,;(]|[^A-Za-z0-9]+$|ENC[([]|(?:vault|file|env|arn|ref\+|secret):|[\w+.-]{2,20}:\/\/|\/|(?:true|false|yes|no|on|off|null|nil|none|undefined|string|str|text|required|optional)$)|[()[\]{}]|[,;]$|\.(?:password|passwd|pwd)$/i;
/** The caption of a form is no password either. */
const isPassword = (value: string | undefined): boolean =>
  value !== undefined && value !== "Password" && !NONE.test(value);
/** `self.password = password` hands one on. */
const isHandedOn = (sign: string, value: string): boolean =>
  sign.startsWith(" ") && /=/.test(sign) && value === "password";

/**
 * Whether a file within a text sets a password: `db.password=hunter2`, `"password": "hunter2"`. Each line, and each word that could be such a
 * name, is looked at once and no further than some hundred letters, so that the time grows with the text's length alone.
 */
export function setsPassword(text: string): boolean {
  if (!ANY.test(text)) return false;
  for (const [, double, single] of text.matchAll(QUOTED)) if (isPassword(double ?? single)) return true;
  for (const [, element] of text.matchAll(ELEMENT)) if (isPassword(element)) return true;
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf("\n", start);
    const stop = end === -1 ? text.length : end;
    const [, sign = "", bare] = stop - start > LONGEST * 2 ? [] : (LINE.exec(text.slice(start, stop)) ?? []);
    if (bare !== undefined && !/["']/.test(bare) && !isHandedOn(sign, bare) && isPassword(bare)) return true;
    start = stop + 1;
  }
  return false;
}
