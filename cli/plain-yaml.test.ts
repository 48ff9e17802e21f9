import fc from "fast-check";
import { constructFromEvents, dump, parseEvents } from "js-yaml";
import { describe, expect, it } from "vitest";
import { KUBERNETES_YAML } from "./kubernetes-yaml";
import { Lines } from "./lines";
import { outlineOf, treeOf } from "./outline";
import { readPlainYaml } from "./plain-yaml";

const MANIFEST = `---
# A comment, and a blank line.

apiVersion: apps/v1
kind: Deployment
metadata:
  name: web   # what it is called
  labels: {}
  annotations:
    example.com/port: "8080"
    example.com/note: 'it says: "on", # and more'
spec:
  replicas: 03
  paused: no
  template:
    spec:
      containers:
      - name: web
        image: registry.example.com:5000/web@sha256:0123
        args: []
        command:
          - --config=/etc/web.yaml
          - -1
          - - a
            - b
          -
          -
            key: deeper
        env:
        - {}
        - name: SCRIPT
          value: |
            # not a comment
            set -e: yes

              exec "$@"

        - name: LAST
          value: |-
            one

        # A comment between them.
      dnsPolicy:
status: ~
`;

/** What the general parser makes of a text, as the plain one gives it; null when it is wrong or holds several documents. */
function generally(text: string) {
  try {
    const events = parseEvents(text, { maxDepth: 100 });
    const [value, ...more] = constructFromEvents(events, { source: text, schema: KUBERNETES_YAML, maxAliases: 1000 });
    if (more.length > 0) return null;
    const line = new Lines({ text, offset: 0 }, 0, null).start(events);
    return { value, keys: JSON.stringify(value), line, tree: treeOf(text, outlineOf(text, events), 0) };
  } catch {
    return null;
  }
}
function plainly(text: string) {
  const read = readPlainYaml(text, true);
  if (read === null) return null;
  const { value, start, outline } = read;
  const line = text.slice(0, start).split("\n").length;
  return { value, keys: JSON.stringify(value), line, tree: outline && treeOf(text, outline, 0) };
}

const token = fc.constantFrom(
  ...[
    " ",
    "  ",
    "\n",
    "\n\n",
    ":",
    ": ",
    "-",
    "- ",
    "#",
    " #",
    "'",
    '"',
    "|",
    "|-\n",
    ">",
    "[",
    "]",
    "{",
    "}",
    ",",
    "\\",
  ],
  ...[
    "a",
    "1",
    "0x",
    ".",
    "~",
    "?",
    "? ",
    "&a ",
    "*a",
    "!t ",
    "%",
    "@",
    "<<",
    "on",
    "null",
    "__proto__",
    "---\n",
    "...\n",
  ],
  ...["\t", "\r", "é", "\u0085", "\n  ", "\n    - ", "a: b\n", "- a\n", "# c\n", "|\n   x\n"],
);
const edit = fc.tuple(fc.nat(), fc.nat(4), token);
const edited = (text: string, edits: readonly (readonly [number, number, string])[]): string =>
  edits.reduce((sum, [at, gone, put]) => {
    const from = at % (sum.length + 1);
    return sum.slice(0, from) + put + sum.slice(from + gone);
  }, text);
const word = fc.constantFrom("a", "b-c", "x.y/z", "kind", "on", "1", "é", "a b", "constructor");
const scalar = fc.oneof(
  fc.constantFrom(
    "",
    "web",
    "a: b",
    "a #b",
    "# c",
    "1",
    "0x1F",
    "yes",
    "~",
    "x\ny\n",
    "\n x",
    "- a",
    "it's",
    "2026-01-01",
  ),
  fc.constantFrom(0, 1.5, -3, true, false, null),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.dictionary(word, tie("tree"), { maxKeys: 4 }),
    fc.array(tie("tree"), { maxLength: 3 }),
  ),
}));

describe("the plain reader of YAML", () => {
  it("reads what manifests are made of, as the general parser does", () => {
    expect(plainly(MANIFEST)).not.toBeNull();
    expect(plainly(MANIFEST)).toEqual(generally(MANIFEST));
    expect(readPlainYaml(MANIFEST, false)?.outline).toBeNull();
  });
  it("never reads a text in another way, nor one that is wrong", () => {
    const written = fc.tuple(fc.dictionary(word, tree, { minKeys: 1, maxKeys: 4 }), fc.boolean());
    const text = fc.oneof(
      written.map(([value, flat]) => dump(value, flat ? { seqNoIndent: true } : {})),
      fc.constant(MANIFEST),
    );
    fc.assert(
      fc.property(text, fc.array(edit, { maxLength: 3 }), (given, edits) => {
        const changed = edited(given, edits);
        const plain = plainly(changed);
        if (plain !== null) expect(plain).toEqual(generally(changed));
      }),
      { numRuns: 5000 },
    );
  });
  it.each([
    ["a key twice", "a: 1\nb: 2\na: 3\n"],
    ["a word that is no text for a key", "on: push\n"],
    ["a prototype", "a:\n  __proto__:\n    b: 1\n"],
    ["an anchor", "a: &x 1\nb: *x\n"],
    ["a text of several lines", "a: one\n  two\n"],
    ["an escape", 'a: "\\n"\n'],
    ["two documents", "a: 1\n---\nb: 2\n"],
    ["a list", "- a\n"],
    [
      "what is nested without end",
      `a:\n${Array.from({ length: 60 }, (_, at) => `${" ".repeat(at + 1)}a:\n`).join("")}`,
    ],
  ])("leaves %s to the general parser", (_what, text) => expect(readPlainYaml(text, false)).toBeNull());
});
