import { addresses } from "./address";
import { conversions } from "./conversion";
import { encoders } from "./encoders";
import { formats } from "./format";
import { joined, type Library } from "./library";
import { lists } from "./lists";
import { maths } from "./math";
import { namedFormats } from "./named-format";
import { quantities } from "./quantity";
import { regexes } from "./regex";
import { versions } from "./semver";
import { sets } from "./sets";
import { strings } from "./strings";
import { times } from "./time";
import { urls } from "./url";

/** The language's own functions, cel-go's extensions and Kubernetes' libraries. */
export const STANDARD: Library = joined(
  conversions,
  times,
  strings,
  formats,
  regexes,
  lists,
  sets,
  maths,
  encoders,
  urls,
  quantities,
  addresses,
  namedFormats,
  versions,
);
