import { X509Certificate } from "node:crypto";
import { parseDocument } from "yaml";
import { z } from "zod";
import { ConnectorError } from "../connector";
import { gapOf } from "./failure";

const MAX_BYTES = 256 * 1024;
const what = "kubeconfig";
const refuse = (message: string, options?: ErrorOptions) =>
  new ConnectorError(gapOf("unsupported", what, message), undefined, options);

/** What is taken from a kubeconfig's current context. Nothing in it is a path, a command or a proxy. */
export interface KubeconfigCluster {
  server: string;
  /** PEM. */
  caCertificate: string;
  tlsServerName?: string;
}

const extensions = z.unknown().optional();
const name = z.string().min(1).max(500);
const clusterFields = z.strictObject({
  server: z.string().max(2000),
  "certificate-authority-data": z.base64().max(100_000),
  "tls-server-name": z.hostname().max(253).optional(),
  "disable-compression": z.boolean().optional(),
  extensions,
});
const userFields = z.strictObject({ token: z.string().min(1).max(20_000), extensions });
const fileSchema = z.strictObject({
  apiVersion: z.literal("v1").optional(),
  kind: z.literal("Config").optional(),
  preferences: z.unknown().optional(),
  extensions,
  "current-context": name,
  clusters: z.array(z.strictObject({ name, cluster: z.unknown() })).max(100),
  contexts: z
    .array(
      z.strictObject({
        name,
        context: z.strictObject({ cluster: name, user: name, namespace: z.string().optional(), extensions }),
      }),
    )
    .max(100),
  users: z.array(z.strictObject({ name, user: z.unknown() })).max(100),
});

/** Zod's complaint with the names of fields, never their values. */
const complaint = (error: z.ZodError): string =>
  error.issues
    .slice(0, 3)
    .map((issue) => {
      const at = issue.path.join(".");
      if (issue.code !== "unrecognized_keys") return `${at || "the file"}: ${issue.code}`;
      return `${issue.keys.slice(0, 5).join(", ").slice(0, 200)} is not allowed${at ? ` in ${at}` : ""}`;
    })
    .join("; ");

function readFile(text: string): z.infer<typeof fileSchema> {
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw refuse(`The kubeconfig is larger than ${MAX_BYTES} bytes. Export only one context.`);
  const document = parseDocument(text, {
    schema: "core",
    version: "1.2",
    uniqueKeys: true,
    stringKeys: true,
    logLevel: "silent",
  });
  if (document.errors.length > 0)
    throw refuse("The kubeconfig is not valid YAML. Export it again.", { cause: document.errors[0] });
  let plain: unknown;
  try {
    plain = document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw refuse("The kubeconfig uses YAML aliases. Export it again with --flatten.", { cause });
  }
  const parsed = fileSchema.safeParse(plain);
  if (!parsed.success) throw refuse(`The kubeconfig cannot be used: ${complaint(parsed.error)}.`);
  return parsed.data;
}

function pick<Entry extends { name: string }>(entries: readonly Entry[], wanted: string, kind: string): Entry {
  const [found, second] = entries.filter((entry) => entry.name === wanted);
  if (found && !second) return found;
  throw refuse(
    `The kubeconfig has ${found ? "more than one" : "no"} ${kind} of the name that its current context uses.`,
  );
}

function clusterOf(file: z.infer<typeof fileSchema>, clusterName: string): KubeconfigCluster {
  const parsed = clusterFields.safeParse(pick(file.clusters, clusterName, "cluster").cluster);
  if (!parsed.success) {
    throw refuse(
      `Only server and certificate-authority-data are taken from a kubeconfig's cluster. ${complaint(parsed.error)}.`,
    );
  }
  const { server, "certificate-authority-data": data, "tls-server-name": tlsServerName } = parsed.data;
  if (!URL.canParse(server) || new URL(server).protocol !== "https:")
    throw refuse("The kubeconfig's server is not an https address.");
  const caCertificate = Buffer.from(data, "base64").toString("utf8");
  try {
    new X509Certificate(caCertificate);
  } catch (cause) {
    throw refuse("The kubeconfig's certificate-authority-data is not a PEM certificate.", { cause });
  }
  return { server, caCertificate, ...(tlsServerName === undefined ? {} : { tlsServerName }) };
}

/**
 * Address and CA of the current context. Its user is not looked at: for files whose credential is minted otherwise (AKS).
 * Errors: ConnectorError `unsupported`.
 */
export function readKubeconfigCluster(text: string): KubeconfigCluster {
  const file = readFile(text);
  return clusterOf(file, pick(file.contexts, file["current-context"], "context").context.cluster);
}

/**
 * Address, CA and token of the current context, by allow-list: a user with anything besides `token` (exec, auth-provider,
 * files, client certificates, impersonation) and a cluster with proxy-url, files or without verification are refused.
 * Errors: ConnectorError `unsupported`; no message holds a value of the file.
 */
export function readKubeconfig(text: string): KubeconfigCluster & { token: string } {
  const file = readFile(text);
  const { context } = pick(file.contexts, file["current-context"], "context");
  const user = userFields.safeParse(pick(file.users, context.user, "user").user);
  if (!user.success)
    throw refuse(
      `Only a bearer token is taken from a kubeconfig's user. ${complaint(user.error)}. Create a service-account token.`,
    );
  return { ...clusterOf(file, context.cluster), token: user.data.token };
}
