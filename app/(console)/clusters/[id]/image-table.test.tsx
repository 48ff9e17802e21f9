import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { ImageTable } from "./image-table";

it("tells the init container from the main one that runs the same image", () => {
  const row = { name: "shop/web:1", digest: null, namespace: "shop", workload: { kind: "Deployment", name: "web" } };
  const rows = [
    { ...row, id: "1", container: "web", pods: 2 },
    { ...row, id: "2", container: "migrate", pods: 2 },
  ];
  const shown = renderToStaticMarkup(<ImageTable rows={rows} />)
    .split("<tr>")
    .slice(2);
  expect(shown).toHaveLength(2);
  expect(new Set(shown).size).toBe(2);
  expect(shown.map((html) => html.replaceAll(/<[^>]+>/g, ""))).toEqual([
    expect.stringContaining("shop/webcontainer web"),
    expect.stringContaining("shop/webcontainer migrate"),
  ]);
});
