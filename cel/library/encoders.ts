import { BAD_ARGUMENT, NO_OVERLOAD } from "../value/fault";
import type { Library } from "./library";

/** Base64, with or without padding when it is read. */
export const encoders: Library = {
  "base64.encode/1": (bytes) => (bytes instanceof Uint8Array ? Buffer.from(bytes).toString("base64") : NO_OVERLOAD),
  "base64.decode/1": (text) => {
    if (typeof text !== "string") return NO_OVERLOAD;
    const body = text.replace(/={0,2}$/, "");
    return /^[A-Za-z0-9+/]*$/.test(body) && body.length % 4 !== 1
      ? new Uint8Array(Buffer.from(body, "base64"))
      : BAD_ARGUMENT;
  },
};
