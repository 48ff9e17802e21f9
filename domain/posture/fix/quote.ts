/** Characters that no quoting carries safely from a page through a clipboard into a terminal. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** `value` as one word for sh, bash and zsh; null when it holds control or direction characters, which a person must type knowingly. */
export function shellWord(value: string): string | null {
  if (UNSAFE.test(value)) return null;
  return PLAIN.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** `value` as the inside of a quoted HCL string; null as above. */
export function hclText(value: string): string | null {
  if (UNSAFE.test(value)) return null;
  return value
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replace(/[$%](?=\{)/g, "$&$&");
}
