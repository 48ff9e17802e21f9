import { z } from "zod";

/** Time-outs and retry limits that every account has, by the same names in every cloud. Browser-safe. */
const milliseconds = (least: number, most: number) => z.number().int().min(least).max(most);

interface Initial {
  connectTimeoutMs?: number;
  requestTimeoutMs: number;
  maxRetryWaitMs: number;
}

/** Settings of the calls to the cloud. */
export const cloudLimits = ({ connectTimeoutMs = 10_000, requestTimeoutMs, maxRetryWaitMs }: Initial) => ({
  connectTimeoutMs: milliseconds(100, 60_000)
    .default(connectTimeoutMs)
    .meta({ title: "Time-out of a connection (ms)", section: "limits" }),
  /** For one attempt of one request. */
  requestTimeoutMs: milliseconds(100, 120_000)
    .default(requestTimeoutMs)
    .meta({ title: "Time-out of a request (ms)", section: "limits" }),
  /** Attempts after throttling, a fault of the server or a lost connection, the first included. */
  maxAttempts: z.number().int().min(1).max(10).default(4).meta({ title: "Attempts of a request", section: "limits" }),
  /** The longest wait before a further attempt; a server that asks for more ends the call. */
  maxRetryWaitMs: milliseconds(0, 300_000)
    .default(maxRetryWaitMs)
    .meta({ title: "Longest wait before another attempt (ms)", section: "limits" }),
});

/** Settings of the calls to the account's clusters. */
export const kubernetesLimits = {
  /** For one attempt of one request to a cluster. */
  kubernetesTimeoutMs: milliseconds(1_000, 300_000)
    .default(30_000)
    .meta({ title: "Clusters: time-out of a request (ms)", section: "limits" }),
  kubernetesMaxAttempts: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(4)
    .meta({ title: "Clusters: attempts of a request", section: "limits" }),
  kubernetesMaxRetryWaitMs: milliseconds(0, 300_000)
    .default(30_000)
    .meta({ title: "Clusters: longest wait before another attempt (ms)", section: "limits" }),
};

/** What of any account's parsed settings says how its clusters are read. */
export const kubernetesLimitsSchema = z.object(kubernetesLimits);
