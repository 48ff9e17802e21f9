import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { MissingTable } from "./missing-table";

it("leads to where each is listed, and shows what grants a right that not everybody is asked for", () => {
  const html = renderToStaticMarkup(
    <MissingTable
      missing={{ kubelets: 14, "not-rechecked": 65 }}
      cluster="c1"
      grants={{ kubelets: "kind: ClusterRole", "config-maps": "another" }}
    />,
  ).replaceAll("&amp;", "&");
  expect([...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href)).toEqual([
    "/findings?state=not-rechecked&cluster=c1",
    "/recommendations?state=not-evaluated&maturity=stable&cluster=c1",
  ]);
  expect(html).toMatch(/>14<.*optional right to get nodes\/proxy.*kind: ClusterRole/);
  expect(html).not.toContain("another");
});
