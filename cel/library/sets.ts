import { holds } from "../value/access";
import { isList, type Value } from "../value/boxed";
import { spend } from "../value/budget";
import { NO_OVERLOAD } from "../value/fault";
import type { Implementation, Library } from "./library";

/** Lists read as sets. */
const ofTwo =
  (give: (a: readonly Value[], b: readonly Value[]) => boolean): Implementation =>
  (a, b) => {
    if (!isList(a) || !isList(b)) return NO_OVERLOAD;
    spend((a.length + b.length) >> 2);
    return give(a, b);
  };

const contains = (a: readonly Value[], b: readonly Value[]): boolean => b.every((item) => holds(a, item));

export const sets: Library = {
  "sets.contains/2": ofTwo(contains),
  "sets.equivalent/2": ofTwo((a, b) => contains(a, b) && contains(b, a)),
  "sets.intersects/2": ofTwo((a, b) => a.some((item) => holds(b, item))),
};
