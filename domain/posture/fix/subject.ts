import { list, record, text } from "@/domain/inventory/json";
import { itemsAtIssue } from "./item";
import { type FixTarget, kindAndName } from "./target";

const RBAC = "rbac.authorization.k8s.io";
interface Named {
  readonly index: number;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

const isBinding = ({ kind }: FixTarget): boolean => /^(Cluster)?RoleBinding$/.test(kind);
const all = (target: FixTarget): readonly unknown[] => list(record(target.object).subjects);

/** Subjects of a binding that the evidence names; all when it names none, for then the binding itself is at issue. */
function named(target: FixTarget): Named[] {
  if (!isBinding(target)) return [];
  const items = itemsAtIssue(target, "subjects");
  const chosen = items.length > 0 ? items : all(target).map((item, index) => ({ index, item }));
  return chosen.flatMap(({ index, item }) => {
    const { kind, name, namespace } = record(item);
    if (text(kind) === "" || text(name) === "") return [];
    return [{ index, kind: text(kind), name: text(name), namespace: text(namespace) || target.namespace }];
  });
}

/** For each subject, how kubectl stands in for it: a group needs a user to go with it, who may be anybody. */
export const asSubjects = (target: FixTarget): string[][] =>
  named(target).map(({ kind, name, namespace }) => [
    ...(target.namespace === "" ? [] : [`--namespace=${target.namespace}`]),
    ...(kind === "Group"
      ? ["--as=anybody", `--as-group=${name}`]
      : [kind === "ServiceAccount" ? `--as=system:serviceaccount:${namespace}:${name}` : `--as=${name}`]),
  ]);

/** The same subjects for `kubectl create rolebinding`. */
export const subjectFlags = (target: FixTarget): string[] =>
  named(target).map(({ kind, name, namespace }) =>
    kind === "ServiceAccount" ? `--serviceaccount=${namespace}:${name}` : `--${kind.toLowerCase()}=${name}`,
  );

/** The role that a binding grants, for kubectl; a ClusterRole has no namespace. */
export function roleWords(target: FixTarget): string[] {
  const { kind, name } = record(record(target.object).roleRef);
  if (!isBinding(target) || text(kind) === "" || text(name) === "") return [];
  return [...(kind === "Role" ? [`--namespace=${target.namespace}`] : []), kindAndName(text(kind), RBAC, text(name))];
}

/** Whether a binding has subjects beside those that the evidence names. */
export function othersHold(target: FixTarget): boolean {
  const out = named(target);
  return out.length > 0 && out.length < all(target).length;
}

/** A JSON patch that takes the named subjects out and leaves all others, if they are still where they were; null when nobody is named. */
export function subjectsOut(target: FixTarget): string | null {
  const steps = named(target)
    .sort((a, b) => b.index - a.index)
    .flatMap(({ index, name }) => [
      { op: "test", path: `/subjects/${index}/name`, value: name },
      { op: "remove", path: `/subjects/${index}` },
    ]);
  return steps.length === 0 ? null : JSON.stringify(steps);
}
