import { parse } from "yaml";
import { z } from "zod";
import { type KubeconfigCluster, readKubeconfigCluster } from "@/connectors/kubernetes/kubeconfig";

/** All that is looked at of contexts and users: commands, plugins, files and client certificates are not in it. */
const usersSchema = z.object({
  "current-context": z.string(),
  contexts: z.array(z.object({ name: z.string(), context: z.object({ user: z.string() }) })),
  users: z.array(z.object({ name: z.string(), user: z.object({ token: z.string().min(1).max(32_768).optional() }) })),
});

/**
 * Address and CA of an AKS user kubeconfig, and its static token where it has one. AKS puts a client certificate beside the
 * token, so such a user is no reason to refuse the file; the certificate is not used. Errors: ConnectorError, ZodError.
 */
export function readUserKubeconfig(text: string): KubeconfigCluster & { token?: string } {
  const cluster = readKubeconfigCluster(text); // bounds the text and refuses aliases
  const file = usersSchema.parse(parse(text, { schema: "core", maxAliasCount: 0 }));
  const user = file.contexts.find((entry) => entry.name === file["current-context"])?.context.user;
  const token = file.users.find((entry) => entry.name === user)?.user.token;
  return { ...cluster, ...(token === undefined ? {} : { token }) };
}
