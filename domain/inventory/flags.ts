import { type Json, list, record, text } from "./json";

/** The flags that a component goes by, by their names without dashes in front. */
export type Flags = Readonly<Record<string, string>>;

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

/** The flags of a command line. Undefined when a shell stands between, or an argument is no text: then nobody knows. */
function commandLine(container: Json): Map<string, string> | undefined {
  const words = [...list(container.command), ...list(container.args)];
  if (words.length === 0 || words.length > MAX_ARGUMENTS) return undefined;
  if (!words.every((word): word is string => typeof word === "string")) return undefined;
  if (/(^|\/)(ba|da|a|z)?sh$/.test(words[0] ?? "")) return undefined;
  const flags = new Map<string, string>();
  for (let index = 0; index < words.length; index++) {
    const [, written, assigned] = /^--?([A-Za-z][\w-]*)(?:=([\s\S]*))?$/.exec(words[index] ?? "") ?? [];
    if (written === undefined) continue;
    const name = written.replaceAll("_", "-");
    const next = words[index + 1];
    const apart = assigned === undefined && next !== undefined && !next.startsWith("-");
    const value = assigned ?? (apart ? next : "true");
    const before = LISTS.has(name) ? flags.get(name) : undefined;
    flags.set(name, before ? `${before},${value}` : value);
    if (apart) index++;
  }
  return flags;
}

/**
 * The flags of etcd: what the command line leaves out, `ETCD_*` of the environment sets. With a configuration file etcd passes over
 * both (https://etcd.io/docs/latest/op-guide/configuration/), and what stands in that file, or in what the environment is read
 * from, nobody knows: undefined.
 */
function etcdFlags(given: ReadonlyMap<string, string>, container: Json): Map<string, string> | undefined {
  if (list(container.envFrom).length > 0) return undefined;
  const set = new Map<string, string | undefined>();
  for (const item of list(container.env)) {
    const { name, value, valueFrom } = record(item);
    const [, written] = /^ETCD_([A-Z0-9_]+)$/.exec(text(name)) ?? [];
    if (written === undefined) continue;
    const from = valueFrom !== undefined && valueFrom !== null;
    set.set(written.toLowerCase().replaceAll("_", "-"), from ? undefined : text(value));
  }
  const flags = new Map(given);
  for (const [name, value] of set) {
    // An empty one is as if not set, and an empty --config-file leaves it to the environment.
    if (value === "" || (name === "config-file" ? flags.get(name) : flags.has(name))) continue;
    if (value === undefined) return undefined;
    flags.set(name, value);
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
  let flags = commandLine(container);
  if (flags !== undefined && kind === "Etcd") flags = etcdFlags(flags, container);
  if (flags === undefined) return undefined;
  const filed = kind === "KubeScheduler" && flags.get("config");
  const inForce = [...flags].filter(([name, value]) => value !== "" && !(filed && REPLACED_IN_SCHEDULER.has(name)));
  // fromEntries defines own keys, `__proto__` too.
  return Object.fromEntries(inForce);
}
