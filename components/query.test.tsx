import { useQuery } from "@tanstack/react-query";
import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { QueryCache } from "./query";

function List() {
  const { data } = useQuery({ queryKey: ["list"], queryFn: () => "from the API", initialData: "from the server" });
  return <p>{data}</p>;
}

describe("the cache of a visit", () => {
  it("leaves nothing behind on the server: a timer would hold the rows of every page that was drawn", () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();
    expect(
      renderToString(
        <QueryCache>
          <List />
        </QueryCache>,
      ),
    ).toBe("<p>from the server</p>");
    expect(timers()).toBe(before);
  });
});
