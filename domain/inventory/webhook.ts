import { X509Certificate } from "node:crypto";
import { list, record, text } from "./json";
import type { KubernetesObject } from "./schema";
import { isAbsentOrList, isAbsentOrMap } from "./selector";

const isMap = (value: unknown): boolean => value !== undefined && value !== null && isAbsentOrMap(value);
/** Base64 holds no dash: one that begins and never ends is not looked for to the end of the bundle. */
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** More of a bundle is not read; the longest of real ones hold a few authorities. */
const MAX_BUNDLE = 256 * 1024;

/** The webhooks of a configuration; undefined when they can't be read. */
const webhooksOf = (configuration: KubernetesObject) =>
  isAbsentOrList(configuration.webhooks, isMap) ? list(configuration.webhooks).map(record) : undefined;

/** Services that a configuration's webhooks call and that `exists` (`namespace/name`) does not know. */
export function missingServices(
  configuration: KubernetesObject,
  exists: (service: string) => boolean,
): string[] | undefined {
  const services = webhooksOf(configuration)?.flatMap((webhook) => {
    const { service } = record(webhook.clientConfig);
    return isMap(service) ? [`${text(record(service).namespace)}/${text(record(service).name)}`] : [];
  });
  return services && [...new Set(services)].filter((service) => !exists(service)).sort();
}

/** When the last authority of a bundle ends; undefined when the bundle can't be read, null when there is none. */
function endOf(bundle: unknown): Date | null | undefined {
  if (bundle === undefined || bundle === null || bundle === "") return null;
  if (typeof bundle !== "string" || bundle.length > MAX_BUNDLE) return undefined;
  const ends: number[] = [];
  for (const [pem] of Buffer.from(bundle, "base64").toString("latin1").matchAll(CERTIFICATE)) {
    try {
      ends.push(Date.parse(new X509Certificate(pem).validTo));
    } catch {
      return undefined; // No certificate; the API server would not trust it either, but who knows why it stands there.
    }
  }
  return ends.length === 0 ? undefined : new Date(Math.max(...ends));
}

/** Names of the webhooks of which every certificate authority has ended by `now`. */
export function expiredCas(configuration: KubernetesObject, now: Date): string[] | undefined {
  const found = webhooksOf(configuration)?.map((webhook) => {
    const end = endOf(record(webhook.clientConfig).caBundle);
    if (end === undefined) return undefined;
    return end !== null && end < now ? [text(webhook.name)] : [];
  });
  return found?.includes(undefined) ? undefined : found?.flatMap((names) => names ?? []);
}
