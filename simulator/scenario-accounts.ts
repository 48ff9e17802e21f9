import type { SimAccount } from "./model";
import { hex, uuid } from "./random";

export const TENANT = "7c1a5c1e-52d4-4f0a-9d55-6f0e2a1b9c30";
export const SUBSCRIPTIONS = {
  platform: "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1101",
  payments: "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1102",
  lab: "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1103",
} as const;
export const AWS_ACCOUNTS = { production: "482915730164", data: "719604285533" } as const;
export const GCP_PROJECTS = { production: "harbour-prod-4711", analytics: "harbour-analytics-1822" } as const;

/** The seven accounts of the estate. */
export const accounts = (seed: number): SimAccount[] => {
  const azure = (id: string, name: string, regions: string[]): SimAccount => ({
    provider: "azure",
    id,
    name,
    regions,
    tenantId: TENANT,
    clientId: uuid(`seawall-app/${id}`),
    clientSecret: `sim~${hex(`${seed}/client-secret/${id}`, 36)}`,
  });
  const { platform, payments, lab } = SUBSCRIPTIONS;
  return [
    azure(platform, "Harbour Platform Production", ["westeurope", "northeurope"]),
    azure(payments, "Harbour Payments", ["westeurope"]),
    azure(lab, "Harbour Innovation Lab", ["westeurope", "eastus"]),
    {
      provider: "aws",
      id: AWS_ACCOUNTS.production,
      name: "harbour-logistics",
      regions: ["eu-central-1", "us-east-1"],
    },
    { provider: "aws", id: AWS_ACCOUNTS.data, name: "harbour-data", regions: ["eu-west-1", "us-west-2"] },
    {
      provider: "gcp",
      id: GCP_PROJECTS.production,
      name: "Harbour Storefront",
      regions: ["europe-west1", "europe-west4"],
    },
    { provider: "gcp", id: GCP_PROJECTS.analytics, name: "Harbour Analytics", regions: ["europe-west1"] },
  ];
};
