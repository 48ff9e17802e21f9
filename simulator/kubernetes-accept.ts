import { Refusal } from "./kubernetes-answer";

const SERVED = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"];
const TRANSFORMS = ["Table", "PartialObjectMetadata", "PartialObjectMetadataList"];

/** How an object or a list is rendered. */
export type Form = "whole" | "metadata";

interface Clause {
  type: string;
  subtype: string;
  quality: number;
  parameters: ReadonlyMap<string, string>;
}

function clausesOf(header: string): Clause[] {
  const clauses = header.split(",").map((text): Clause => {
    const [media = "", ...rest] = text.split(";").map((part) => part.trim());
    const [type = "", subtype = "*"] = media.split("/");
    const parameters = new Map(
      rest.map((part): [string, string] => {
        const [name = "", value = ""] = part.split("=");
        return [name.trim(), value.trim()];
      }),
    );
    const quality = Number(parameters.get("q") ?? "1");
    return { type, subtype, quality: Number.isFinite(quality) ? quality : 1, parameters };
  });
  return clauses.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
}

const servedBy = ({ type, subtype }: Clause): string | undefined =>
  SERVED.find((media) => {
    const [mine, sub] = media.split("/");
    return (type === "*" || type === mine) && (subtype === "*" || subtype === sub);
  });

/**
 * Chooses as the API server does: the first clause by quality that names a served media type and, with `as`, a known kind of
 * `meta.k8s.io`. Throws `Refusal` 406 when there is none or it does not fit the answer, 501 for forms only the simulator lacks.
 */
export function negotiate(header: string | undefined, verb: "get" | "list" | "watch" | "create"): Form {
  if (header === undefined || header.trim() === "") return "whole";
  for (const clause of clausesOf(header)) {
    const media = servedBy(clause);
    if (media === undefined) continue;
    const as = clause.parameters.get("as");
    const version = clause.parameters.get("v") ?? "";
    if (as !== undefined) {
      if (clause.parameters.get("g") !== "meta.k8s.io" || !TRANSFORMS.includes(as)) continue;
      if (version !== "v1" && version !== "v1beta1") continue;
    }
    if (media !== "application/json" || as === "Table" || (as !== undefined && version !== "v1"))
      throw new Refusal(501, `the simulator does not implement Accept: ${header}`);
    if (as === undefined) return "whole";
    if (verb === "watch" || verb === "create")
      throw new Refusal(501, `the simulator does not implement ${as} for ${verb}`);
    const list = as === "PartialObjectMetadataList";
    if (list !== (verb === "list"))
      throw new Refusal(406, `you requested ${as}, but the requested object is ${list ? "not " : ""}a list`);
    return "metadata";
  }
  throw new Refusal(406, `only the following media types are accepted: ${SERVED.join(", ")}`);
}
