import { isPlaceholder } from "./placeholder";

/** How the fields of a connection string are written. */
interface Notation {
  /** What parts two fields. */
  separator: RegExp;
  /** A field that ends with the name of a server. `$` comes first, so that one place of the field is looked at, and not every one. */
  server: RegExp;
  /** A field that may stand between the server and the password. */
  between: RegExp;
  /** A field that begins with a password, and the password. References (`${NAME}`, `<name>`) are none. */
  password: RegExp;
}

const SEMICOLONS: Notation = {
  separator: /;/g,
  server: /$(?<=\b(?:Server|Data Source|Host)=[^\n]{1,300})/i,
  between: /^[^\n]{0,300}$/,
  password: /^\s{0,8}(?:Password|Pwd)=([^$<{%*\s]\S{0,200})/i,
};
const SPACES: Notation = {
  separator: / {1,4}/g,
  server: /$(?<=\b(?:host|user|dbname)=\S{1,200})/,
  between: /^[a-z_]{1,40}=\S{0,200}$/,
  password: /^password=([^$<{%*\s]\S{0,200})/,
};
/** Most texts have none, and are not taken apart. */
const ANY_PASSWORD = /(?:password|pwd)=/i;
/** Fields that may stand between the server and the password. */
const MOST_BETWEEN = 12;

/**
 * Whether a text holds a connection string with a password: `Server=a;Database=b;Password=c`, or `host=a dbname=b password=c`.
 * Every field is looked at once, whatever stands before and behind it, so that the time grows with the text's length alone.
 */
export const holdsConnectionString = (text: string): boolean =>
  ANY_PASSWORD.test(text) && (holds(text, SEMICOLONS) || holds(text, SPACES));

function holds(text: string, { separator, server, between, password }: Notation): boolean {
  let [start, reach] = [0, 0];
  for (;;) {
    separator.lastIndex = start;
    const cut = separator.exec(text);
    const field = text.slice(start, cut?.index);
    const [, value] = reach > 0 ? (password.exec(field) ?? []) : [];
    if (value !== undefined && !isPlaceholder(value)) return true;
    if (server.test(field)) reach = MOST_BETWEEN + 1;
    else if (reach > 0) reach = between.test(field) ? reach - 1 : 0;
    if (cut === null) return false;
    start = cut.index + cut[0].length;
  }
}
