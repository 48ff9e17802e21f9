import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { mintScope, type Role } from "@/domain/access/scope";
import { FirstRun } from "./first-run";

const said = (grants: { role: Role; accountId: string | null }[]) =>
  renderToStaticMarkup(<FirstRun scope={mintScope("x", "x", grants)} />);

it("leads to connecting an account, and tells who reaches none that he cannot know whether there is one", () => {
  expect(said([{ role: "Owner", accountId: null }])).toContain('href="/accounts/connect"');
  expect(said([{ role: "Security Reader", accountId: null }])).toContain("needs a Security Admin or an Owner");
  expect(said([])).toContain("No account is open to you");
});
