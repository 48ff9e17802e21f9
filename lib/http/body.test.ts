import { expect, it } from "vitest";
import { readBytes } from "./body";

it("reads a body up to its bound, and stops reading one that goes on", async () => {
  const asked = (body: BodyInit | null) =>
    readBytes(new Request("http://x", { method: "POST", body, duplex: "half" } as RequestInit), 8);
  expect((await asked("12345678"))?.toString()).toBe("12345678");
  expect((await asked(null))?.length).toBe(0);
  let given = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      given += 4;
      controller.enqueue(new Uint8Array(4));
    },
  });
  expect(await asked(endless)).toBeNull();
  expect(given).toBeLessThan(40);
});
