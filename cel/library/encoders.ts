import { spendLength } from "../value/budget";
import { BAD_ARGUMENT, NO_OVERLOAD } from "../value/fault";
import type { Library } from "./library";

/** Base64, with or without padding when it is read. */
export const encoders: Library = {
  "base64.encode/1": (bytes) => {
    if (!(bytes instanceof Uint8Array)) return NO_OVERLOAD;
    spendLength(bytes.length);
    return Buffer.from(bytes).toString("base64");
  },
  "base64.decode/1": (text) => {
    if (typeof text !== "string") return NO_OVERLOAD;
    spendLength(text.length);
    const body = text.replace(/={0,2}$/, "");
    return /^[A-Za-z0-9+/]*$/.test(body) && body.length % 4 !== 1
      ? new Uint8Array(Buffer.from(body, "base64"))
      : BAD_ARGUMENT;
  },
};
