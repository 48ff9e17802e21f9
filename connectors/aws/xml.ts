import { isUtf8 } from "node:buffer";
import { OutboundError } from "@/lib/outbound-error";

const TAG = /<(\/?)[A-Za-z_][^<>]*?(\/?)>/g;

/**
 * Gives back an XML answer after a look at its bounds: UTF-8, no document type (and so no entities), at most `limit` levels, as
 * many ends as beginnings. Errors: OutboundError `malformed`, `too_large`.
 */
export function boundXml(bytes: Buffer, limit: number, host: string): Buffer {
  const bad = (why: string) =>
    new OutboundError("malformed", `${host} answered with something that is not AWS's XML: ${why}.`);
  if (!isUtf8(bytes)) throw bad("it is not UTF-8 text");
  const text = bytes.toString("utf8");
  if (!/^\s*</.test(text)) throw bad("it is no XML");
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw bad("it has a document type");
  let depth = 0;
  for (const [, ends, alone] of text.matchAll(TAG)) {
    if (ends === "/") depth--;
    else if (alone !== "/") depth++;
    if (depth > limit)
      throw new OutboundError("too_large", `${host} answered with XML nested deeper than ${limit} levels.`);
  }
  if (depth !== 0) throw bad("it is cut or badly nested");
  return bytes;
}
