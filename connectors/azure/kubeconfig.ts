import { X509Certificate } from "node:crypto";
import { parse } from "yaml";
import { z } from "zod";

const MAX_BYTES = 256 * 1024;

/**
 * The only keys of a kubeconfig that are looked at. Commands (`exec`), plugins, paths to files, proxies and switched-off
 * certificate checks are not in it, so that they can't be followed.
 */
const kubeconfigSchema = z.object({
  "current-context": z.string(),
  contexts: z
    .array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) }))
    .max(50),
  clusters: z
    .array(
      z.object({
        name: z.string(),
        cluster: z.object({
          server: z.url({ protocol: /^https$/ }).max(500),
          "certificate-authority-data": z.base64().max(MAX_BYTES),
          "tls-server-name": z.string().max(253).optional(),
        }),
      }),
    )
    .max(50),
  users: z.array(z.object({ name: z.string(), user: z.object({ token: z.string().max(32_768).optional() }) })).max(50),
});

export interface KubeconfigFacts {
  server: string;
  /** PEM. */
  caCertificate: string;
  tlsServerName?: string;
  /** A static bearer token, where the file holds one. */
  token?: string;
}

/** The current context of a kubeconfig, by allow-list. Errors: Error or ZodError when it is not one, or its CA is no certificate. */
export function readKubeconfig(text: string): KubeconfigFacts {
  if (text.length > MAX_BYTES) throw new Error("the kubeconfig is too large");
  const parsed = kubeconfigSchema.parse(parse(text, { maxAliasCount: 0, schema: "core" }));
  const context = parsed.contexts.find((entry) => entry.name === parsed["current-context"])?.context;
  const cluster = parsed.clusters.find((entry) => entry.name === context?.cluster)?.cluster;
  if (!context || !cluster) throw new Error("the current context leads to no cluster");
  const caCertificate = Buffer.from(cluster["certificate-authority-data"], "base64").toString("utf8");
  new X509Certificate(caCertificate); // throws when it is none
  const token = parsed.users.find((entry) => entry.name === context.user)?.user.token;
  const tlsServerName = cluster["tls-server-name"];
  return {
    server: cluster.server,
    caCertificate,
    ...(tlsServerName ? { tlsServerName } : {}),
    ...(token ? { token } : {}),
  };
}
