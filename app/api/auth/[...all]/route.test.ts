import { expect, it } from "vitest";
import { POST } from "./route";

const post = async (body: string): Promise<number> =>
  (await POST(new Request("http://127.0.0.1:3000/api/auth/sign-in/email", { method: "POST", body }))).status;

it("takes a sign-in and nothing larger, and asks the database nothing about what can't be an address", async () => {
  expect(await post("x".repeat(64 * 1024 + 1))).toBe(413);
  expect(await post("x".repeat(64 * 1024))).toBe(400);
  expect(await post(JSON.stringify({ email: "a\0@example.com", password: "x" }))).toBe(400);
});
