import { expect, it } from "vitest";
import { POST as signIn } from "../auth/[...all]/route";
import * as route from "./route";

it.each(Object.entries(route).filter(([, serve]) => typeof serve === "function"))(
  "%s of an address that is not there is told as a problem",
  async (_method, serve) => {
    const response = (serve as () => Response)();
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ status: 404, next: expect.any(String) });
  },
);

it("is told so below the sign-in too", async () => {
  const response = await signIn(new Request("http://127.0.0.1:3000/api/auth/nothing", { method: "POST" }));
  expect([response.status, response.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
});
