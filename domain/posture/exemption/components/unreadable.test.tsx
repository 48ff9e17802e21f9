import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { UnreadableExemptions } from "./unreadable";

it("says of each why it cannot be read and leads to where it is withdrawn, whatever was written into it", () => {
  const html = renderToStaticMarkup(
    <UnreadableExemptions
      exemptions={[
        { id: "1", state: "active", reason: "old \u202egroup", requestedBy: "Ada", problem: "targets.0.group: <b>" },
        { id: "2", state: "requested", reason: "later", requestedBy: "Bo", problem: "type: x" },
      ]}
    />,
  );
  const cells = html.replaceAll(/<[^>]+>/g, "|");
  expect(cells).toMatch(/old .*group\|.*Ada\|.*targets\.0\.group: &lt;b&gt;\|.*later\|.*Bo\|.*type: x\|/);
  expect(html).not.toContain("\u202e");
  expect([...html.matchAll(/href="([^"]+)"/g)].map(([, href]) => href)).toEqual([
    "/exemptions?state=active",
    "/exemptions?state=requested",
  ]);
});
