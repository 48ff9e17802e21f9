import { z } from "zod";
import { isPlainAddress, NOT_PLAIN } from "@/connectors/address";
import { azureSettings } from "@/connectors/azure/schema";
import { pem } from "@/connectors/pem";

/** How one connected cluster's API is reached. Its token is the secret `arcToken:<name>`. */
export const arcClusterSettings = z.strictObject({
  name: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[^\s=]+$/, "A cluster's name has no blanks.")
    .meta({ title: "Name in Azure", description: "Of the connected cluster's resource, such as store-fra-1." }),
  server: z
    .url({ protocol: /^https$/, error: "Enter the API server's https:// address." })
    .max(500)
    .refine(isPlainAddress, NOT_PLAIN)
    .meta({ title: "API server", description: "As Seawall's worker reaches it, such as https://10.0.0.4:6443." }),
  caCertificate: pem.meta({ title: "CA of the API server", long: true }),
  tlsServerName: z
    .string()
    .min(1)
    .max(253)
    .optional()
    .meta({ title: "Name in its certificate", fallback: "the API server's host" }),
});

/** What a person enters for Arc: the subscription, how to sign in, and the way to each connected cluster. */
export const arcSettings = azureSettings.extend({
  arc: z
    .array(arcClusterSettings)
    .max(500)
    .default([])
    .superRefine((clusters, context) => {
      const names = clusters.map(({ name }) => name);
      for (const [at, name] of names.entries())
        if (names.indexOf(name) < at)
          context.addIssue({ code: "custom", path: [at, "name"], message: "This name stands above already." });
    })
    .meta({ title: "Arc-enabled clusters" }),
});
export type ArcSettings = z.infer<typeof arcSettings>;

/** Name of the secret that holds a cluster's bound service account token. */
export const arcTokenField = (name: string): string => `arcToken:${name}`;
