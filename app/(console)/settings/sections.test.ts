import { expect, it } from "vitest";
import { mintScope, type Role } from "@/domain/access/scope";
import { sectionsFor } from "./sections";

const first = (role: Role, accountId: string | null) => sectionsFor(mintScope("u", "Ada", [{ role, accountId }]))[0];
const account = "019a0000-0000-7000-8000-000000000002";

it("lands everybody on a section that is theirs to open", () => {
  expect(first("Owner", null)?.label).toBe("People");
  expect(first("Owner", account)?.label).toBe("People");
  expect(first("Security Admin", null)?.label).toBe("API tokens");
  expect(first("Security Reader", account)?.label).toBe("API tokens");
  expect(sectionsFor(mintScope("u", "Ada", []))[0]?.label).toBe("API tokens");
});
