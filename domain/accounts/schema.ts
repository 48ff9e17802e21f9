import { z } from "zod";
import { arcSettings } from "@/connectors/arc/schema";
import { eksSettingsSchema } from "@/connectors/eks/schema";
import { settingsSchema as gkeSettings } from "@/connectors/gke/schema";

/** Providers that a person can connect, with the settings schema of each. AKS and Arc share an Azure subscription's. */
export const SETTINGS_SCHEMA = { azure: arcSettings, aws: eksSettingsSchema, gcp: gkeSettings } as const;
export const CONNECTABLE = ["azure", "aws", "gcp"] as const;
export type Connectable = (typeof CONNECTABLE)[number];

/** 5 minutes to daily. */
export const intervalSchema = z.coerce.number().int().min(5, "At least 5 minutes.").max(1440, "At most a day.");

/** What connecting an account takes. `settings` are parsed by the provider's own schema; secrets are write-only. */
export const connectSchema = z.object({
  provider: z.enum(CONNECTABLE),
  name: z.string().trim().min(1, "Give it a name.").max(120),
  externalId: z.string().trim().min(1).max(200),
  settings: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string().max(300), z.string().max(20_000)),
  intervalMinutes: intervalSchema.default(60),
});
export type ConnectInput = z.input<typeof connectSchema>;
