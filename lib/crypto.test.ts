import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CryptoError, equalInConstantTime, open, randomToken, rewrap, type Sealed, seal, sha256Hex } from "./crypto";
import { loadKeyRing, rotateKeyFile } from "./crypto-key";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), "seawall-key-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const place = { accountId: "019a", field: "clientSecret" };
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof CryptoError) return error.code;
    throw error;
  }
  return "opened";
};

describe("sealed secrets", () => {
  it("opens what it sealed, and never seals alike twice", () => {
    const ring = loadKeyRing({ dataDir });
    const sealed = seal("s3cret ✓", place, ring);
    expect(open(JSON.parse(JSON.stringify(sealed)), place, ring)).toBe("s3cret ✓");
    expect(JSON.stringify(sealed)).not.toContain("s3cret");
    expect(seal("s3cret ✓", place, ring).text.data).not.toBe(sealed.text.data);
    expect(open(seal("", place, ring), place, ring)).toBe("");
  });

  it("does not open for another account or field", () => {
    const ring = loadKeyRing({ dataDir });
    const sealed = seal("x", place, ring);
    expect(codeOf(() => open(sealed, { ...place, accountId: "019b" }, ring))).toBe("damaged");
    expect(codeOf(() => open(sealed, { ...place, field: "token" }, ring))).toBe("damaged");
    expect(codeOf(() => rewrap(sealed, { ...place, field: "token" }, ring))).toBe("damaged");
  });

  it("notices every changed byte, a swapped text and a foreign format", () => {
    const ring = loadKeyRing({ dataDir });
    const sealed = seal("secret", place, ring);
    for (const box of ["dataKey", "text"] as const) {
      for (const part of ["iv", "tag", "data"] as const) {
        const bytes = Buffer.from(sealed[box][part], "base64");
        bytes[0] = (bytes[0] ?? 0) ^ 1;
        const changed: Sealed = { ...sealed, [box]: { ...sealed[box], [part]: bytes.toString("base64") } };
        expect(codeOf(() => open(changed, place, ring))).toBe("damaged");
      }
    }
    expect(codeOf(() => open({ ...sealed, text: seal("other", place, ring).text }, place, ring))).toBe("damaged");
    const shortTag = { ...sealed, text: { ...sealed.text, tag: sealed.text.tag.slice(0, 8) } };
    for (const bad of [shortTag, { ...sealed, version: 2 }, null, "text"]) {
      expect(codeOf(() => open(bad, place, ring))).toBe("damaged");
    }
  });

  it("rotates: old secrets open, rewrapped ones need only the new key", () => {
    const before = loadKeyRing({ dataDir });
    const sealed = seal("secret", place, before);
    const after = rotateKeyFile(dataDir);
    expect(after.current.kid).not.toBe(before.current.kid);
    expect(loadKeyRing({ dataDir }).current.kid).toBe(after.current.kid);
    expect(open(sealed, place, after)).toBe("secret");
    const moved = rewrap(sealed, place, after);
    const onlyNew = { current: after.current, keys: new Map([[after.current.kid, after.current]]) };
    expect(open(moved, place, onlyNew)).toBe("secret");
    expect(codeOf(() => open(sealed, place, onlyNew))).toBe("unknown_key");
    expect(codeOf(() => open(moved, place, before))).toBe("unknown_key");
  });
});

describe("keys", () => {
  it("makes one private key file and keeps it", () => {
    const first = loadKeyRing({ dataDir });
    expect(statSync(path.join(dataDir, "secrets.key")).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir)).toEqual(["secrets.key"]);
    expect(loadKeyRing({ dataDir }).current.kid).toBe(first.current.kid);
  });

  it("moves from one key of the environment to the next", () => {
    const [old, next] = [Buffer.alloc(32, 7).toString("base64"), Buffer.alloc(32, 8).toString("base64")];
    const sealed = seal("secret", place, loadKeyRing({ dataDir, key: old }));
    expect(codeOf(() => open(sealed, place, loadKeyRing({ dataDir, key: next })))).toBe("unknown_key");
    const moved = rewrap(sealed, place, loadKeyRing({ dataDir, key: next, previous: old }));
    expect(open(moved, place, loadKeyRing({ dataDir, key: next }))).toBe("secret");
  });

  it("moves from the file to the environment", () => {
    const sealed = seal("secret", place, loadKeyRing({ dataDir }));
    const ring = loadKeyRing({ dataDir, key: Buffer.alloc(32, 7).toString("base64") });
    expect(open(sealed, place, ring)).toBe("secret");
    expect(rewrap(sealed, place, ring).kid).toBe(ring.current.kid);
  });

  it("refuses a readable or empty file and a wrong key", () => {
    loadKeyRing({ dataDir });
    const file = path.join(dataDir, "secrets.key");
    chmodSync(file, 0o644);
    expect(codeOf(() => loadKeyRing({ dataDir }))).toBe("key_file");
    chmodSync(file, 0o600);
    writeFileSync(file, "");
    expect(codeOf(() => loadKeyRing({ dataDir }))).toBe("key_file");
    expect(codeOf(() => loadKeyRing({ dataDir, key: "c2hvcnQ=" }))).toBe("bad_key");
  });
});

it("has tokens, their digest and a comparison", () => {
  expect(randomToken()).toMatch(/^[\w-]{43}$/);
  expect(randomToken()).not.toBe(randomToken());
  expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  expect([equalInConstantTime("a", "a"), equalInConstantTime("a", "b"), equalInConstantTime("a", "aa")]).toEqual([
    true,
    false,
    false,
  ]);
});
