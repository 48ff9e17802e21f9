import { Readable } from "node:stream";
import { main } from "./main";

/** Runs the command in this process. For tests. */
export async function seawall(args: readonly string[], stdin: string | Buffer = "") {
  let [out, err] = ["", ""];
  const code = await main(args, {
    stdin: Readable.from([Buffer.from(stdin)]),
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    colour: false,
  });
  return { code, out, err };
}
