import { symmetricEncrypt } from "better-auth/crypto";
import { expect, it } from "vitest";
import { backupCodeStore, newBackupCodes } from "./backup-codes";
import { codeSchema, isBackupCode } from "./code";

it("new backup codes hold nothing that looks like something else, and none comes twice", () => {
  const codes = Array.from({ length: 100 }, newBackupCodes).flat();
  expect(codes).toHaveLength(1000);
  for (const code of codes) expect(code).toMatch(/^[a-hjkmnp-z2-9]{5}-[a-hjkmnp-z2-9]{5}$/);
  expect(new Set(codes).size).toBe(1000);
});

it.each([
  ["abcde-23456", "abcde-23456"],
  ["ABCDE-23456", "abcde-23456"],
  [" Abcde 23456\n", "abcde-23456"],
  ["abcde23456", "abcde-23456"],
  ["a b c d e \u2013 2 3 4 5 6", "abcde-23456"],
  ["123 456", "123456"],
])("%j is read as %s", (typed, code) => {
  expect(codeSchema.parse(typed)).toBe(code);
  expect(isBackupCode(code)).toBe(code.length > 6);
});

it.each(["", "12345", "1234567", "abcde-2345", "abcde-234567", "abcde_23456", "äbcde-23456", "a".repeat(101)])(
  "%j is no code, and it is said how one looks",
  (typed) => {
    const parsed = codeSchema.safeParse(typed);
    expect(parsed.success).toBe(false);
    if (typed.length <= 100) expect(parsed.error?.issues[0]?.message).toContain("abcde-23456");
  },
);

it("codes that the library stored before, with capitals, are still read", async () => {
  const secret = "a secret of this test, long enough to sign";
  const store = backupCodeStore(secret);
  const before = await symmetricEncrypt({ key: secret, data: JSON.stringify(["aB1cD-Ef0Gh"]) });
  expect(JSON.parse(await store.decrypt(before))).toEqual(["ab1cd-ef0gh"]);
  expect(await store.decrypt(await store.encrypt(`["x"]`))).toBe(`["x"]`);
});
