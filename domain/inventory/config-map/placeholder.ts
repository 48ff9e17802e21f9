/** Switches, sources of users, levels of logs, types and ways to keep a password. */
const WORD =
  /^(?:true|false|yes|no|on|off|null|nil|none|undefined|string|str|text|required|optional|(?:en|dis)abled?|always|never|auto|prompt|ask|forced?|inherit(?:ed)?|trace|debug|info|notice|warn|warning|error|fatal|critical|files|compat|systemd|sss|nis|nisplus|ldap|winbind|db|plaintext|bcrypt|md5)$/i;
/** What a log or an example shows in a password's place. */
const MASK = /^(?:x{3,}|[*•]{1,200}|[[<(]?(?:redacted|masked|hidden|filtered|removed|omitted)[\])>]?)$/i;
/** `1`, `24h`, `5/minute`. */
const AMOUNT = /^(?:[01]|\d{1,4}(?:ms|[smhdw])|\d{1,6}r?\/(?:s|sec|second|m|min|minute|h|hour|d|day))$/i;
/** `\S+` and `.*`, as filters of logs are written; Maven's `@name@`, and `__NAME__`. */
const FILLED_IN = /^(?:\\[swd]|\.[*+]|@[\w.-]{1,100}@$|__\w{1,100}__$)/i;

export const isMask = (value: string): boolean => MASK.test(value);

/** Whether a value that stands where a password could is none whatever its name: a switch, a level, an amount, a mask or a pattern. */
export const isPlaceholder = (value: string): boolean =>
  [WORD, MASK, AMOUNT, FILLED_IN].some((pattern) => pattern.test(value));

/** One word with a capital, or of letters beyond English, is the caption of a form: `Passwort`, `пароль`. */
const CAPTION = /^(?:\p{Lu}\p{Ll}+|(?=.*\P{ASCII})\p{L}+)$/u;
/** Names that ask for, show or speak about a password, and hold none: `has_password`, `resetPassword`, `logging.level.password`. */
const ABOUT =
  /(?:^|[._-])(?:(?:has|is|skip|requires?|required|validate|verify|check|reset|forgot|change|show|hide|ask|allow|attribute|attr)[_-]?(?:password|passwd|passphrase|pwd)$|(?:level|logger)\.)/i;
const plain = (name: string): string => name.replace(/^.*[.:]/, "").replace(/[_-]/g, "");

/**
 * Whether the name of a setting and its value say that no password is set: the name only asks about one, the value repeats the name
 * or is a caption, or the name is that of a folder (`PWD`). `password: password` sets one, and only between quotes is it a text.
 */
export function saysNoPassword(name: string, value: string, isText: boolean): boolean {
  if (ABOUT.test(name) || CAPTION.test(value)) return true;
  if (/pwd$/i.test(name) && (/^(?:OLD)?PWD$/.test(name) || /^[a-z]+$|[\\/]/i.test(value))) return true;
  return plain(name).toLowerCase() === plain(value).toLowerCase() && (isText || value !== "password");
}

/** Names of variables that hand a password on wherever they stand, and those that do in code: `self.password = password`. */
const VARIABLE = /^(?:pw|pwd|psw|val|value)$/;
const IN_CODE = /^[A-Za-z_.]*(?:password|passwd|passphrase|pwd|pw|pass|secret|value)$/i;

/** Whether a value without quotes is the name of a variable; `sign` is what parts it from its own name. */
export const isVariable = (sign: string, value: string): boolean =>
  VARIABLE.test(value) || (/^\s+=/.test(sign) && IN_CODE.test(value));
