import { check } from "@/cel/check";
import { LIMITS } from "@/cel/compile";
import { elementOf, type Known, unknownIn } from "@/cel/known";
import { childrenOf, type Node } from "@/cel/syntax/ast";
import { parse } from "@/cel/syntax/parse";
import { suggestion } from "@/lib/nearest";
import { exampleFaults } from "./example-fault";
import type { ContentFault } from "./file-fault";
import { knownTo, shownBy } from "./known";
import { patchFieldFaults } from "./patch-fault";
import { type Control, EXAMPLE_CLASSES, type ForEach } from "./schema";

/** Everything in a control that names what is not there: in its expression, its message, its patch, its examples. */
export function controlFaults(control: Control): ContentFault[] {
  const known = knownTo(control);
  const { when } = control.appliesTo;
  const { notApplicable } = control.examples;
  const named = [
    ...expressionFaults(control.violates, known, ["violates"]),
    ...(when === undefined ? [] : expressionFaults(when, known, ["appliesTo", "when"])),
    ...messageFaults(control.message, known),
    ...patchFaults(control, known),
    ...patchFieldFaults(control),
  ];
  const classes = missingClasses(control).map(([name, what]) => ({
    where: ["examples"],
    message: `no example has \`class: ${name}\`: show what the control says when ${what}.`,
  }));
  const leftOut =
    (when === undefined) === (notApplicable.length === 0)
      ? []
      : [
          {
            where: ["examples"],
            message: "`appliesTo.when` and `examples.notApplicable` go together: show what the control leaves out.",
          },
        ];
  // What is read by a name that it has not got is told of already.
  const unread = named.length === 0 ? unreadParams(control) : [];
  return [...named, ...unread, ...classes, ...leftOut, ...exampleFaults(control, named.length === 0)];
}

const expressionFaults = (expression: string, known: Known, where: readonly string[]): ContentFault[] =>
  check(expression, known).map(({ line, column, at, message }) => ({
    where,
    offset: at,
    message: `${where.at(-1)}, ${line}:${column}: ${message}`,
  }));

/** Parameters that neither the expressions nor the message read; every one is read where `params` is, as a whole. */
function unreadParams({ params, violates, message, appliesTo: { when } }: Control): ContentFault[] {
  const read = new Set([...message.matchAll(/\{\{\s*params\.(\w+)/g)].map(([, name]) => name ?? ""));
  const trees = [violates, when ?? "true"].map((expression) => parse(expression, LIMITS));
  if (!trees.every((tree) => readsFields(tree, "params", read))) return [];
  return Object.keys(params)
    .filter((name) => !read.has(name))
    .map((name) => ({ where: ["params"], key: name, message: `params: nothing reads ${name}.` }));
}

/** Notes the fields that are read of a binding; false when it is read as a whole. */
function readsFields(node: Node, binding: string, read: Set<string>): boolean {
  if (node.kind === "name") return node.name !== binding;
  const [operand, ...others] = childrenOf(node);
  if (operand?.kind !== "name" || operand.name !== binding)
    return childrenOf(node).every((child) => readsFields(child, binding, read));
  if (node.kind === "select" || node.kind === "has") read.add(node.field);
  else if (node.kind !== "index" || node.index.kind !== "literal") return false;
  else read.add(String(node.index.value));
  return others.every((child) => readsFields(child, binding, read));
}

const BRACES = /\{\{(.*?)\}\}|\{\{|\}\}/gs;
const DOTTED = /^\s*[A-Za-z]\w*(\.[A-Za-z_]\w*)*\s*$/;

/** Placeholders of a message: paths of what its expression may read, through no list. */
function messageFaults(message: string, known: Known): ContentFault[] {
  return [...message.matchAll(BRACES)].flatMap(({ 0: whole, 1: inner, index }) => {
    const fault = (what: string): ContentFault[] => [
      { where: ["message"], offset: index, message: `message: ${what}` },
    ];
    if (inner === undefined || !DOTTED.test(inner))
      return fault(`${whole} is no placeholder: write {{container.name}}, names with dots between.`);
    const unknown = unknownIn(inner.trim().split("."), known);
    return unknown === null ? [] : fault(unknownText(whole, unknown));
  });
}

const unknownText = (whole: string, { name, fields }: { name: string; fields: readonly string[] }): string =>
  `${whole}: ${name} is not known here.${suggestion(name, fields)}`;

const STEPS = /^\s*(\w+)((?:\.\w+|\[\*\]|\[\d{1,3}\])+)\s*$/;
/** What a patch may take values from besides the object: items that the evidence names, whatever the control loops over. */
const ITEMS = ["container", "mount", "port", "variable", "volume", "webhook"] as const satisfies readonly ForEach[];
/** Where those stand in a container that are its own. */
const IN_CONTAINER: { readonly [each in ForEach]?: string } = { mount: "volumeMounts", port: "ports", variable: "env" };

/** Placeholders of a patch, which may lead through lists. */
function patchFaults(control: Control, known: Known): ContentFault[] {
  const { patch = "" } = control.remediation;
  return [...patch.matchAll(BRACES)].flatMap(({ 0: whole, 1: inner, index }) => {
    const where = ["remediation", "patch"];
    const fault = (what: string): ContentFault[] => [{ where, offset: index, message: `remediation.patch: ${what}` }];
    const [, root = "", steps] = STEPS.exec(inner ?? "") ?? [];
    if (steps === undefined) return fault(`${whole} is no placeholder: write {{object.spec.rules[*].host}}.`);
    const item = ITEMS.find((each) => each === root);
    if (item === undefined && root !== "object")
      return fault(unknownText(whole, { name: root, fields: ["object", ...ITEMS] }));
    const keys = [...steps.matchAll(/\.(\w+)|\[/g)].map(([, name]) => name ?? "*");
    const below = item === undefined || Object.hasOwn(known, item) ? known : { [item]: shownOf(control, item) };
    const unknown = unknownIn([root, ...keys], below);
    return unknown === null ? [] : fault(unknownText(whole, unknown));
  });
}

/** What the examples show of an item that the control does not loop over. */
function shownOf(control: Control, item: ForEach): Known | true {
  const field = IN_CONTAINER[item];
  const one =
    shownBy(control, field === undefined ? item : "container")[field === undefined ? item : "container"] ?? {};
  if (field === undefined || one === true) return one;
  return elementOf(one[field] ?? {});
}

/** Classes of examples that a control does not show, with what each is. */
function missingClasses(control: Control): [string, string][] {
  const shown = new Set(
    Object.values(control.examples)
      .flat()
      .map((example) => example.class),
  );
  return Object.entries(EXAMPLE_CLASSES).filter(([name]) => ![...shown].some((one) => one === name));
}
