import { z } from "zod";

/** A record that is refused when it has a key `__proto__`, which Zod's own leaves out without a word. */
export const wholeRecord = <Record extends z.ZodRecord>(record: Record) =>
  z.preprocess((given, context) => {
    if (typeof given === "object" && given !== null && Object.hasOwn(given, "__proto__"))
      context.addIssue({ code: "custom", message: "__proto__ is no name that can be kept" });
    return given;
  }, record);
