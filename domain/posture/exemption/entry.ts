import { expiryProblem } from "./reach";
import {
  type ExemptionRequest,
  type ExemptionRule,
  type ExemptionTarget,
  exemptionRequest,
  exemptionTarget,
} from "./schema";

/** What the form of an exemption holds, by its controls' names. */
type Entered = Readonly<Record<string, string>>;

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // what is no JSON is no list of targets: the schema says so
  }
}

/** What narrows every target of the form further: name, namespace, labels (`key=value, …`), image. */
function narrowing({ name = "", namespace = "", labels = "", image = "" }: Entered): Partial<ExemptionTarget> {
  const pairs = labels
    .split(/[,\n]/)
    .filter((pair) => pair.trim() !== "")
    // Without a value it is no label, and without a name it is refused as such.
    .map((pair) => (pair.includes("=") ? pair : "=").split("="))
    .map(([label = "", ...value]) => [label.trim(), value.join("=").trim()] as const);
  return {
    ...(name === "" ? {} : { name }),
    ...(namespace === "" ? {} : { namespace }),
    ...(labels === "" ? {} : { labels: Object.fromEntries(pairs) }),
    ...(image === "" ? {} : { image }),
  };
}

/** The control at which what is wrong at a place of the request is marked. */
const controlOf = ([top, at, inner]: readonly PropertyKey[]): string =>
  top === "targets"
    ? at === undefined
      ? "choice"
      : String(inner ?? "choice")
    : top === "expiresAt"
      ? "until"
      : String(top);

/**
 * The request that a form holds, or everything that is wrong with it, by the form's controls. With `intent=preview` no reason is
 * needed yet. `rule`: how long an exemption may hold.
 */
export function readEntry(
  entered: Entered,
  rule: Pick<ExemptionRule, "longestDays">,
  now: Date,
): { ok: true; request: ExemptionRequest } | { ok: false; fields: Record<string, string> } {
  const narrow = narrowing(entered);
  const targets = json(entered.targets ?? "");
  const { until = "" } = entered;
  const expiresAt = until === "" ? null : `${until}T23:59:59Z`;
  const parsed = exemptionRequest.safeParse({
    type: entered.type,
    targets: Array.isArray(targets) ? targets.map((target: object) => ({ ...target, ...narrow })) : targets,
    reason: entered.intent === "preview" ? "preview" : (entered.reason ?? ""),
    evidence: entered.evidence ?? "",
    expiresAt,
  });
  const fields: Record<string, string> = {};
  for (const { path, message } of parsed.error?.issues ?? []) fields[controlOf(path)] ??= message;
  // Without a target nothing above has looked at what narrows it.
  for (const { path, message } of exemptionTarget.safeParse(narrow).error?.issues ?? [])
    fields[String(path[0])] ??= message;
  const expiry = fields.until === undefined ? expiryProblem(expiresAt, rule.longestDays, now) : null;
  if (expiry !== null) fields.until = expiry;
  if (parsed.success && Object.keys(fields).length === 0) return { ok: true, request: parsed.data };
  return { ok: false, fields };
}
