import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readable } from "@/domain/posture/engine-null";
import type { Subject } from "@/domain/posture/schema";
import { type Document, readDocuments } from "./documents";
import { Lines } from "./lines";
import { packPlaces } from "./packed-places";
import { type Batch, documentsOf, type Order, SecondReader } from "./second-reader";
import { readFile } from "./sources";
import { seawall } from "./testing";

const pod = (name: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec:\n  hostPID: true\n  containers: [{ name: a, image: "a:1" }]\n`;
const PLAIN: Readonly<Record<string, string>> = {
  "two.yaml": `# first\n${pod("one")}---\n${pod("two")}`,
  "windows.yaml": pod("one").replaceAll("\n", "\r\n"),
  "quoted.yaml": `"a b": 'it''s'\n"\\u00e9\\n": "x"\nfolded: >\n  a\n  b\nblank:\nlist:\n- 1\n- { "k": [ ~, yes, 0o10, -0.5 ] }\n? plain\n: c\n`,
  "keys.yaml": `__proto__: { a: 1 }\nconstructor: 2\n10: x\n9: y\n`,
  "numbers.yaml": `a: ${"9".repeat(400)}\nb: 0x${"f".repeat(300)}\nc: 1e999\nd: 123456789012345678901\n`,
  "object.json": `{ "apiVersion": "v1", "kind": "Pod",\n "metadata": { "name": "p" } }`,
  "empty.yaml": "# nothing\n",
  "large.yaml": `list:\n${"- { k: text }\n".repeat(6000)}metadata: {}\n`,
  "after.yaml": `list: [1, { "k": 2 }]\n---\nmetadata:\n  "name": x\n`,
};
const ODD: Readonly<Record<string, string>> = {
  "broken.yaml": "a: [",
  "twice.yaml": "a: 1\na: 2\n",
  "template.yaml": "a: {{ .Values.a }}\n",
  "alias.yaml": "a: &a { b: 1 }\nc: *a\n",
  "latin.yaml": "",
};

describe("the second reader", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "seawall-second-"));
    for (const [name, text] of Object.entries({ ...PLAIN, ...ODD })) writeFileSync(path.join(folder, name), text);
    writeFileSync(path.join(folder, "latin.yaml"), Buffer.from([0x61, 0x3a, 0xe9]));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What the thread makes of files when the first reader has begun only the first `begun` batches. */
  async function read(files: readonly string[], size: number, lines: boolean, begun = 0): Promise<Batch[]> {
    const shared = new Int32Array(new SharedArrayBuffer(4 * Math.ceil(files.length / size))).fill(1, 0, begun);
    const workerData: Order = { files, size, begun: shared, lines };
    const worker = new Worker(new URL("./start-second-reader.mjs", import.meta.url), { workerData });
    const batches: Batch[] = [];
    worker.on("message", (batch: Batch) => batches.push(batch));
    await new Promise((resolve, reject) => worker.once("exit", resolve).once("error", reject));
    return batches;
  }
  const told = (documents: readonly Document[]) =>
    documents.map(({ lines, ...rest }) => ({
      ...rest,
      at: ["spec.hostPID", "list[1].k", "metadata"].map((one) => lines.of(one)),
    }));

  it("gives what the first reader would have read, with its lines", async () => {
    const files = Object.keys(PLAIN).map((name) => path.join(folder, name));
    const [batch] = await read(files, files.length, true);
    if (batch === undefined) throw new Error("Nothing was sent.");
    const ready = documentsOf(batch, files);
    for (const [index, file] of files.entries()) {
      const source = readFile({ file, named: false });
      if ("message" in source) throw new Error(source.message);
      const inOrder = [...readDocuments(source, true)].filter((one): one is Document => !("message" in one));
      expect(told(ready[index] ?? []), file).toEqual(told(inOrder));
    }
  });
  it("looks for nulls in all that may hold one", () => {
    const object = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":';
    const nulls = (values: string): boolean[] => {
      const lines = new Lines({ text: "", offset: 0 }, 0, null);
      const place = { file: "", document: 1, line: 1, value: null, aliased: false, lines };
      const places = packPlaces(Array(2).fill(place), false);
      const read = documentsOf({ batch: 0, values, places }, ["a"])[0] ?? [];
      return read.map(({ value }) => {
        const given = { key: { apiGroup: "", kind: "", namespace: "", name: "" }, appliesTo: "Workload" } as const;
        const subject: Subject = { ...given, object: value as Subject["object"], facts: {} };
        return readable(subject) === subject;
      });
    };
    expect(nulls(`[[${object}{"a":null}},${object}{"a":1}}]]`)).toEqual([false, true]);
    expect(nulls(`[[${object}{"a":"null"}},${object}[]}]]`)).toEqual([true, true]);
    expect(nulls(`[[${object}{"a":1}},${object}[]}]]`)).toEqual([true, true]);
  });
  it("leaves to the first reader what has to be explained", async () => {
    const files = [...Object.keys(ODD), "none.yaml"].map((name) => path.join(folder, name));
    const [batch] = await read(files, files.length, false);
    expect(batch === undefined ? [] : documentsOf(batch, files)).toEqual(files.map(() => null));
  });
  it("leaves standard input to the first reader, whatever file is called like it", async () => {
    writeFileSync(path.join(folder, "-"), pod("file"));
    const before = process.cwd();
    process.chdir(folder);
    try {
      const [batch] = await read(["-", "two.yaml"], 2, false);
      const [input, file] = batch === undefined ? [] : documentsOf(batch, ["-", "two.yaml"]);
      expect([input, file?.length]).toEqual([null, 2]);
    } finally {
      process.chdir(before);
    }
  });
  it("begins at the end and stops where the first reader is", async () => {
    const files = Array.from({ length: 7 }, () => path.join(folder, "two.yaml"));
    const batches = await read(files, 2, false, 2);
    expect(batches.map(({ batch }) => batch)).toEqual([3, 2]);
  });
  describe("whose thread fails", () => {
    const files = Array.from({ length: 1040 }, (_, at) => `f${at}`);
    /** How each file was read, by its place, when the thread runs this: what it does, and how it ends, with a bar between. */
    async function places(thread: string): Promise<string[]> {
      const told = new BroadcastChannel("seawall-test");
      const begun = new Promise((resolve) => {
        told.onmessage = resolve;
      });
      const imported = 'import { parentPort, workerData } from "node:worker_threads";';
      const [claims = "", ends = ""] = thread.split("|");
      const tells = "const told = new BroadcastChannel('seawall-test'); told.postMessage('begun'); told.close();";
      const script = encodeURIComponent(`${imported} ${claims} ${tells} ${ends}`);
      const reader = new SecondReader(files, false, new URL(`data:text/javascript,${script}`));
      const found = files.map(() => "never");
      for await (const { first, read, lost } of reader.turns()) {
        // Else the caller would have read all before the thread is there.
        await begun;
        for (const [index, one] of read.entries()) {
          const how = lost === null ? (one === null ? "by the caller" : "by the thread") : `lost: ${lost}`;
          found[first + index] = found[first + index] === "never" ? how : "twice";
        }
      }
      told.close();
      return found;
    }
    const claim = "workerData.begun[workerData.begun.length - 1] = 1;";
    const batch = `{ batch: 20, values: "[${Array(40).fill("[]").join()}]", places: { at: new Int32Array(), texts: "", marks: new Uint16Array(), scalars: [] } }`;

    it("before it began leaves all to the caller", async () => {
      expect(new Set(await places("|throw new Error('no memory');"))).toEqual(new Set(["by the caller"]));
    });
    it("loses what it had begun, and nothing else", async () => {
      for (const [end, why] of [
        ["throw new Error('no memory');", "no memory"],
        ["process.exit(0);", "it ended early"],
      ]) {
        const found = await places(`${claim}|${end}`);
        expect(new Set(found.slice(0, 1000))).toEqual(new Set(["by the caller"]));
        expect(new Set(found.slice(1000))).toEqual(new Set([`lost: ${why}`]));
      }
    });
    it("loses nothing of what it had sent", async () => {
      const found = await places(`${claim} parentPort.postMessage(${batch});|throw new Error("no memory");`);
      expect(new Set(found.slice(0, 1000))).toEqual(new Set(["by the caller"]));
      expect(new Set(found.slice(1000))).toEqual(new Set(["by the thread"]));
    });
    it("names every file that was lost, and ends with exit code 2", async () => {
      const one = path.join(folder, "two.yaml");
      const turns = vi.spyOn(SecondReader.prototype, "turns").mockImplementation(async function* () {
        yield { first: 0, read: [null], lost: null };
        yield { first: 1, read: [null], lost: "no memory" };
      });
      try {
        const { code, out, err } = await seawall(["check", one, one, "--controls", "host-processes"]);
        expect(err).toBe(
          `seawall: ${one}: was not judged: the thread that had begun to read it failed (no memory). Check it alone.\n`,
        );
        expect([code, out.match(/SW-0493 host/g)?.length]).toEqual([2, 2]);
      } finally {
        turns.mockRestore();
      }
    });
  });
  it("ends the same way as one reader alone", async () => {
    const many = mkdtempSync(path.join(tmpdir(), "seawall-many-"));
    try {
      const names = Array.from({ length: 1200 }, (_, at) => `p-${String(at).padStart(4, "0")}`);
      for (const name of names) writeFileSync(path.join(many, `${name}.yaml`), pod(name));
      writeFileSync(path.join(many, "p-1100.yaml"), "a: [");
      const args = ["--format", "json", "--controls", "host-processes"];
      const whole = await seawall(["check", many, ...args]);
      const results = (JSON.parse(whole.out) as { results: { resource: { name: string } }[] }).results;
      expect(results.map(({ resource }) => resource.name)).toEqual(names.filter((name) => name !== "p-1100"));
      expect(whole.code).toBe(2);
      expect(whole.err).toContain("p-1100.yaml");
    } finally {
      rmSync(many, { recursive: true, force: true });
    }
  });
});
