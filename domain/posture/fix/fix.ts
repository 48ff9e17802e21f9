import { parse, stringify } from "yaml";
import type { Distribution } from "@/domain/inventory/schema";
import type { Control } from "../schema";
import { patchFor } from "./patch";
import { hclText, shellWord } from "./quote";

/** The resource that is to be repaired, with what its cloud calls it. Every word is from outside. */
export interface FixTarget {
  distribution: Distribution;
  cluster: string;
  region: string | null;
  /** The cluster's ids at its provider: ARM id, ARN, self link. */
  aliases: readonly string[];
  /** Subscription id, account number, project id. */
  account: string;
  apiGroup: string;
  kind: string;
  namespace: string;
  name: string;
  /** Where the violations are. */
  paths: readonly string[];
  /** The object as last seen; null when it is no longer kept. */
  object: unknown;
}

export interface FixBlock {
  id: "cli" | "patch" | "terraform";
  title: string;
  text: string;
  /** Why parts of it were left for the reader to fill in; null when all is filled in. */
  open: string | null;
}
export interface Fix {
  steps: string;
  blocks: FixBlock[];
}

type PerDistribution = string | Partial<Record<Distribution | "default", string>> | undefined;
const pick = (value: PerDistribution, distribution: Distribution): string | undefined =>
  typeof value === "object" ? (value[distribution] ?? value.default) : value;

/** Placeholders that controls use in commands and Terraform, as whole words in capitals. */
const PLACEHOLDER =
  /\b(CLUSTER_ID|CLUSTER|GROUP|LOCATION|PROJECT|POOL|NAMESPACE|NAME|VERSION|WORKSPACE|KEY_ID|KEY_ARN|KEY)\b/g;
const CLI_NAMES: Readonly<Record<Distribution, string>> = {
  aks: "Azure CLI",
  eks: "AWS CLI",
  gke: "gcloud",
  arc: "Azure CLI",
};

const pools = (object: unknown): unknown[] => {
  const list = typeof object === "object" && object !== null && "nodePools" in object ? object.nodePools : undefined;
  return Array.isArray(list) ? list : [];
};

/** Names of the node pools that the evidence points at. */
function poolsOf(target: FixTarget): string[] {
  const names = target.paths.flatMap((path) => {
    const pool = pools(target.object)[Number(/^nodePools\[(\d{1,4})\]/.exec(path)?.[1] ?? -1)];
    return typeof pool === "object" && pool !== null && "name" in pool && typeof pool.name === "string"
      ? [pool.name]
      : [];
  });
  return [...new Set(names)];
}

function known(target: FixTarget, pool: string | undefined): Partial<Record<string, string>> {
  const arm = target.aliases.find((alias) => alias.startsWith("/subscriptions/"));
  const group = /\/resourcegroups\/([^/]+)\//i.exec(arm ?? "")?.[1];
  const azure = target.distribution === "aks" || target.distribution === "arc";
  const id = azure ? arm : target.aliases.find((alias) => alias.startsWith("arn:"));
  return {
    CLUSTER: target.cluster,
    ...(id === undefined ? {} : { CLUSTER_ID: id }),
    ...(group === undefined ? {} : { GROUP: group }),
    ...(target.region === null ? {} : { LOCATION: target.region }),
    ...(target.distribution === "gke" ? { PROJECT: target.account } : {}),
    ...(pool === undefined ? {} : { POOL: pool }),
    ...(target.namespace === "" ? {} : { NAMESPACE: target.namespace }),
    NAME: target.name,
  };
}

/** `template` with what is known put in by `quote`. Answers too which words are left. */
function filled(
  template: string,
  values: Partial<Record<string, string>>,
  quote: (value: string) => string | null,
): { text: string; left: string[] } {
  const left = new Set<string>();
  const text = template.replace(PLACEHOLDER, (word, _name: string, offset: number) => {
    const value = values[word];
    const quoted = value === undefined ? null : quote(value);
    if (value === undefined || quoted === null) {
      left.add(word);
      return word;
    }
    // A word that begins with a dash would be read as an option: bind it to its own.
    return value.startsWith("-") && /--[a-z-]+ $/.test(template.slice(0, offset)) ? `\u0000${quoted}` : quoted;
  });
  return { text: text.replaceAll(" \u0000", "=").replaceAll("\u0000", ""), left: [...left] };
}

/** The account and region that a cloud's command line must be told, unless the template says them already. */
function scopeOf(target: FixTarget, template: string): string {
  const flag = (name: string, value: string | null) => {
    const word = value === null || template.includes(`${name} `) ? null : shellWord(value);
    return word === null ? "" : ` ${name} ${word}`;
  };
  if (template.startsWith("az ")) return flag("--subscription", target.account);
  if (template.startsWith("aws ")) return flag("--region", target.region);
  return template.startsWith("gcloud ") ? flag("--project", target.account) : "";
}

const openWords = (left: readonly string[]): string | null =>
  left.length === 0 ? null : `Fill in ${left.join(", ")}: Seawall does not know ${left.length === 1 ? "it" : "them"}.`;

/** What to do about `control` on this very resource: steps, and commands filled in with its names, quoted for where they go. */
export function fixFor(control: Control, target: FixTarget): Fix {
  const { steps, cli, terraform, patch } = control.remediation;
  const blocks: FixBlock[] = [];
  const command = pick(cli, target.distribution)?.trim();
  if (command !== undefined) {
    const named = command.includes("POOL") ? poolsOf(target) : [];
    const each = (named.length === 0 ? [undefined] : named).map((pool) =>
      filled(command + scopeOf(target, command), known(target, pool), shellWord),
    );
    blocks.push({
      id: "cli",
      title: command.startsWith("kubectl ") ? "kubectl" : CLI_NAMES[target.distribution],
      text: each.map((line) => line.text).join("\n"),
      open: openWords([...new Set(each.flatMap((line) => line.left))]),
    });
  }
  if (patch !== undefined) blocks.push(...patchFor(patch, target));
  const plan = pick(terraform, target.distribution)?.trim();
  if (plan !== undefined) {
    const { text, left } = filled(plan, known(target, poolsOf(target)[0]), hclText);
    blocks.push({ id: "terraform", title: "Terraform", text, open: openWords(left) });
  }
  return { steps: pick(steps, target.distribution) ?? "There is no step for this distribution.", blocks };
}

/** `text` as tidy YAML in block form; as it is when it does not parse. */
export function tidyYaml(text: string): string {
  try {
    return stringify(parse(text), { lineWidth: 0 });
  } catch {
    return text; // a fragment with an ellipsis, say: shown as the control wrote it
  }
}
