import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { Unevaluated } from "./unevaluated";

const said = (kinds: readonly string[], amount: number): string =>
  renderToStaticMarkup(<Unevaluated kinds={kinds} amount={amount} />);

it("names the right without which nothing can be looked at, and is silent where all was", () => {
  expect(said(["Kubelet"], 11)).toMatch(/^<p[^>]*>Kubelets .*get nodes\/proxy/);
  expect(said(["ConfigMap"], 1)).toContain("list and judge configmaps");
  expect(said(["KubeApiServer"], 1)).toContain("static pods");
  expect(said(["Workload"], 3)).not.toContain("optional right");
  expect(said(["Workload"], 3)).toContain('href="/clusters"');
  expect(said(["Kubelet"], 0)).toBe("");
});
