import { expect, test } from "vitest";
import { caCertificate } from "@/lib/testing/tls";
import type { KubernetesObject } from "./schema";
import { expiredCas, missingServices } from "./webhook";

const hooks = (...webhooks: unknown[]): KubernetesObject => ({
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingWebhookConfiguration",
  metadata: { name: "x" },
  webhooks,
});
const bundle = Buffer.from(caCertificate).toString("base64");
const signed = (name: string, caBundle?: unknown) => ({ name, clientConfig: { caBundle } });
const LATER = new Date("2999-01-01T00:00:00Z");

test("an authority that ended is named, one without a bundle is the cluster's own", () => {
  expect(expiredCas(hooks(signed("a", bundle), signed("b"), signed("c", "")), LATER)).toEqual(["a"]);
  expect(expiredCas(hooks(signed("a", bundle)), new Date())).toEqual([]);
});
test("what is no certificate is unknown", () => {
  expect(expiredCas(hooks(signed("a", "Q0E=")), LATER)).toBeUndefined();
  expect(expiredCas(hooks(signed("a", 7)), LATER)).toBeUndefined();
  const broken = Buffer.from("-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----").toString("base64");
  expect(expiredCas(hooks(signed("a", broken)), LATER)).toBeUndefined();
  expect(expiredCas({ ...hooks(), webhooks: "none" }, LATER)).toBeUndefined();
});
test("bundles in which certificates begin and never end are read in one go", () => {
  const begun = Buffer.from("-----BEGIN CERTIFICATE-----".repeat(7000)).toString("base64");
  const all = Array.from({ length: 100 }, (_, at) => signed(`w${at}`, begun));
  expect(expiredCas(hooks(...all), LATER)).toBeUndefined();
});
test("services that are not there are named once", () => {
  const calls = (name: string) => ({ name, clientConfig: { service: { namespace: "ops", name } } });
  const url = { name: "u", clientConfig: { url: "https://127.0.0.1/" } };
  expect(missingServices(hooks(calls("a"), calls("a"), calls("b"), url), (service) => service === "ops/b")).toEqual([
    "ops/a",
  ]);
});
