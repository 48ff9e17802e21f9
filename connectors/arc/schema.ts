import { z } from "zod";
import { azureSettings } from "@/connectors/azure/schema";

/** How one connected cluster's API is reached. Its token is the secret `arcToken:<name>`. */
export const arcClusterSettings = z.object({
  name: z.string().min(1).max(200),
  server: z.url({ protocol: /^https$/ }).max(500),
  /** PEM. */
  caCertificate: z.string().max(200_000).includes("-----BEGIN CERTIFICATE-----"),
  tlsServerName: z.string().min(1).max(253).optional(),
});

/** What a person enters for Arc: the subscription, how to sign in, and the way to each connected cluster. */
export const arcSettings = azureSettings.extend({
  arc: z.array(arcClusterSettings).max(500).default([]),
});
export type ArcSettings = z.infer<typeof arcSettings>;

/** Name of the secret that holds a cluster's bound service account token. */
export const arcTokenField = (name: string): string => `arcToken:${name}`;
