import { Environment } from "./environment";
import { type Json, list } from "./json";
import { wholeNumber } from "./whole-number";

/** A flag whose value hangs on a variable that is not known, as it is written: `https://$(POD_IP):2379`. Controls can't judge by it. */
interface Unknown {
  readonly written: string;
}
type Value = string | Unknown;

/** The flags that a component goes by, by their names without dashes in front. */
export type Flags = Readonly<Record<string, Value>>;

/** More arguments than these no component takes. */
const MAX_ARGUMENTS = 500;

/**
 * Flags of Kubernetes' components whose values add up when they are given more than once: StringSlice, StringArray and maps of
 * `pflag` (https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/, "strings" and comma-separated pairs).
 */
const LISTS: ReadonlySet<string> = new Set([
  "admission-control",
  "api-audiences",
  "authorization-always-allow-paths",
  "authorization-mode",
  "controllers",
  "cors-allowed-origins",
  "disable-admission-plugins",
  "enable-admission-plugins",
  "etcd-servers",
  "etcd-servers-overrides",
  "feature-gates",
  "kubelet-preferred-address-types",
  "oidc-required-claim",
  "requestheader-allowed-names",
  "requestheader-extra-headers-prefix",
  "requestheader-group-headers",
  "requestheader-username-headers",
  "runtime-config",
  "service-account-issuer",
  "service-account-key-file",
  "tls-cipher-suites",
  "tls-sni-cert-key",
]);

/** Flags that hold a whole number and are judged by it, with the bits that it may take. */
const WHOLE_NUMBERS: ReadonlyMap<string, 32 | 64> = new Map([
  ["audit-log-maxage", 64],
  ["audit-log-maxbackup", 64],
  ["audit-log-maxsize", 64],
  ["terminated-pod-gc-threshold", 32],
]);

/**
 * Flags that kube-scheduler passes over when `--config` names a file (`ApplyDeprecated` in its options.go).
 * https://kubernetes.io/docs/reference/command-line-tools-reference/kube-scheduler/
 */
const REPLACED_IN_SCHEDULER: ReadonlySet<string> = new Set([
  "contention-profiling",
  "kube-api-burst",
  "kube-api-content-type",
  "kube-api-qps",
  "kubeconfig",
  "profiling",
]);

/** What starts another program, whose flags then stand in a text, in a file, or are made up by it. */
const SHELL = /(^|[/.])(ba|da|a|z|k|mk|c|tc|fi|rba|hu|pw)?sh$/;

/** Whether a word is, or holds, a command line of its own: a shell or script wherever it stands (`tini -- sh -c`), or what it is to run. */
const runsAnother = (word: string): boolean => !word.startsWith("-") && (SHELL.test(word) || /\s--?[a-z]/i.test(word));

/**
 * The words of a command line with its variables put in. Where one is not known the word stays as it is written if only the value of a
 * flag hangs on it. Undefined where anything may stand: a shell or an unknown word between, or what is no text.
 */
function wordsOf(container: Json, environment: Environment): Value[] | undefined {
  const given = [...list(container.command), ...list(container.args)];
  if (given.length === 0 || given.length > MAX_ARGUMENTS) return undefined;
  const words: Value[] = [];
  for (const written of given) {
    if (typeof written !== "string") return undefined;
    const word = environment.expand(written);
    if (word === undefined ? !/^--?[A-Za-z][\w-]*=/.test(written) : runsAnother(word)) return undefined;
    words.push(word ?? { written });
  }
  return words;
}

/** The flags of a command line; undefined where nobody knows them. */
function commandLine(container: Json, environment: Environment): Map<string, Value> | undefined {
  const words = wordsOf(container, environment);
  if (words === undefined) return undefined;
  const flags = new Map<string, Value>();
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? "";
    const isKnown = typeof word === "string";
    const [, given, assigned] = /^--?([A-Za-z][\w-]*)(?:=([\s\S]*))?$/.exec(isKnown ? word : word.written) ?? [];
    if (given === undefined) continue;
    const name = given.replaceAll("_", "-");
    const next = words[index + 1];
    const apart = assigned === undefined && typeof next === "string" && !next.startsWith("-");
    const text = assigned ?? (apart ? next : "true");
    const before = LISTS.has(name) ? flags.get(name) : undefined;
    flags.set(name, joined(before, isKnown ? setTo(name, text) : { written: text }));
    if (apart) index++;
  }
  return flags;
}

/** What a flag is set to; a number in decimal, and what is none said to be none, so that nothing else takes it for one. */
function setTo(name: string, text: string): string {
  if (LISTS.has(name)) return listed(text);
  const bits = WHOLE_NUMBERS.get(name);
  return bits === undefined || text === "" ? text : (wholeNumber(text, bits) ?? `${text} (no number)`);
}

/** A list as `pflag` reads it: items may stand in double quotes, as in CSV, and blanks beside the commas are trimmed from pairs. */
const listed = (text: string): string =>
  text.replace(/(^|,)"((?:[^"]|"")*)"(?=,|$)/g, "$1$2").replace(/\s*,\s*(?=[\w.]+=)/g, ",");

/** A list with what is added to it; not known where one of them is not. */
function joined(before: Value | undefined, value: Value): Value {
  if (before === undefined || before === "") return value;
  if (typeof before === "string" && typeof value === "string") return `${before},${value}`;
  const [first, second] = [before, value].map((each) => (typeof each === "string" ? each : each.written));
  return { written: `${first},${second}` };
}

/**
 * The flags of etcd: what the command line leaves out, `ETCD_*` of the environment sets. With a configuration file etcd passes over
 * both (https://etcd.io/docs/latest/op-guide/configuration/), and what stands in that file, or in what the whole environment is read
 * from, nobody knows: undefined.
 */
function etcdFlags(given: ReadonlyMap<string, Value>, environment: Environment): Map<string, Value> | undefined {
  if (environment.isOpen) return undefined;
  const flags = new Map(given);
  for (const [variable, value] of environment.named) {
    const [, written] = /^ETCD_([A-Z0-9_]+)$/.exec(variable) ?? [];
    const name = written?.toLowerCase().replaceAll("_", "-");
    // An empty one is as if not set, and an empty --config-file leaves it to the environment.
    if (name === undefined || value === "" || (name === "config-file" ? flags.get(name) : flags.has(name))) continue;
    flags.set(name, value ?? { written: `$(${variable})` });
  }
  return flags.get("config-file") ? undefined : flags;
}

/**
 * The flags by which a container of a control plane's component goes, `kind` being the component's. Lists that are given more than
 * once are joined with commas; of all else the last one counts, as the components read them. What a file replaces is absent,
 * and so is `--trusted-ca-file=`, which names none. Undefined where all may stand in a file, a shell starts it, or the arguments
 * can't be read.
 */
export function flagsOf(kind: string, container: Json): Flags | undefined {
  const environment = new Environment(container);
  let flags = commandLine(container, environment);
  if (flags !== undefined && kind === "Etcd") flags = etcdFlags(flags, environment);
  if (flags === undefined) return undefined;
  const filed = kind === "KubeScheduler" && flags.get("config");
  const inForce = [...flags].filter(([name, value]) => value !== "" && !(filed && REPLACED_IN_SCHEDULER.has(name)));
  // fromEntries defines own keys, `__proto__` too.
  return Object.fromEntries(inForce);
}

/** The flags of two containers that run the same component: what only one of them is given, or each otherwise, is not known. */
export function agreedFlags(one: Flags | undefined, other: Flags | undefined): Flags | undefined {
  if (one === undefined || other === undefined) return undefined;
  const unknown = (value: Value | undefined): string => (typeof value === "string" ? value : (value?.written ?? ""));
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(
    names.map((name) => {
      const [first, second] = [one, other].map((flags) => (Object.hasOwn(flags, name) ? flags[name] : undefined));
      const agree = typeof first === "string" && first === second;
      return [name, agree ? first : { written: `${unknown(first)} | ${unknown(second)}` }];
    }),
  );
}
