import type { Distribution } from "@/domain/inventory/schema";
import type { Control } from "../schema";
import { commandFor, filled, openWords } from "./command";
import { patchFor } from "./patch";
import { hclText } from "./quote";
import type { FixBlock, FixTarget } from "./target";
import { knownWords, poolsOf } from "./words";

export type { FixBlock, FixTarget } from "./target";
export interface Fix {
  steps: string;
  blocks: FixBlock[];
}

type PerDistribution = string | Partial<Record<Distribution | "default", string>> | undefined;
const pick = (value: PerDistribution, distribution: Distribution): string | undefined =>
  typeof value === "object" ? (value[distribution] ?? value.default) : value;

/** What to do about `control` on this very resource: steps, and commands filled in with its names, quoted for where they go. */
export function fixFor(control: Control, target: FixTarget): Fix {
  const { steps, cli, terraform, patch } = control.remediation;
  const blocks: FixBlock[] = [];
  const command = pick(cli, target.distribution)?.trim();
  if (command !== undefined) blocks.push(commandFor(command, target));
  if (patch !== undefined) blocks.push(...patchFor(patch, target));
  const plan = pick(terraform, target.distribution)?.trim();
  if (plan !== undefined) {
    const [pool] = poolsOf(target);
    const words = { ...knownWords(target), ...(pool === undefined ? {} : { POOL: pool }) };
    const { text, left } = filled(plan, words, (value) => (typeof value === "string" ? hclText(value) : null));
    blocks.push({ id: "terraform", title: "Terraform", text, open: openWords(text, left) });
  }
  return { steps: pick(steps, target.distribution) ?? "There is no step for this distribution.", blocks };
}

/** Whether something of this very resource stands in the fix's commands and files, and not only what holds for all. */
export const isFilledIn = ({ blocks }: Fix, { name, cluster, account }: FixTarget): boolean =>
  blocks.some(({ text }) => [name, cluster, account].some((word) => word !== "" && text.includes(word)));
