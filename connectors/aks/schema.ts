import type { z } from "zod";
import { azureSettings } from "@/connectors/azure/schema";

/** What a person enters for AKS: the subscription and how to sign in. The clusters are discovered. */
export const aksSettings = azureSettings;
export type AksSettings = z.infer<typeof aksSettings>;
