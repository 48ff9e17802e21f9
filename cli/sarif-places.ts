import path from "node:path";
import { pathToFileURL } from "node:url";

/** Where a file is, as SARIF's artifactLocation. */
export interface SarifPlace {
  uri: string;
  uriBaseId?: string;
}

/**
 * Names files by their place in the directory that the command runs in; what lies outside is no part of its sources, and is named
 * whole.
 */
export class SarifPlaces {
  #folder = "";
  #place: SarifPlace = { uri: "" };

  of(file: string): SarifPlace {
    if (file === "-") return { uri: "stdin" };
    const folder = path.dirname(file);
    // Files of one folder stand together, and there are thousands of them.
    if (folder !== this.#folder) this.#place = placeOf(folder);
    this.#folder = folder;
    return { ...this.#place, uri: `${this.#place.uri}${encodeURIComponent(path.basename(file))}` };
  }
}

/** A folder, with a slash at its end unless it is the working directory itself. */
function placeOf(folder: string): SarifPlace {
  const parts = path.relative(process.cwd(), folder).split(path.sep);
  if (parts[0] === ".." || path.isAbsolute(parts.join(path.sep)))
    return { uri: pathToFileURL(`${folder}${path.sep}`).href };
  const within = parts.filter((part) => part !== "").map((part) => `${encodeURIComponent(part)}/`);
  return { uri: within.join(""), uriBaseId: "%SRCROOT%" };
}
