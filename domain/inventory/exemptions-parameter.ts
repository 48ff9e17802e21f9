import { oneOf } from "@/lib/http/parameter";
import { EXEMPTIONS } from "./exemptions";

/** The parameter of pages, API and files. `what`: which figures it is about. */
export const exemptionsParameter = (what: string) =>
  oneOf(EXEMPTIONS, `${what} with exemptions, or as if there were none; with them when not given.`);
