import { expect, test } from "vitest";
import { isKubernetesSupported, isSystemSupported } from "./lifecycle";

const day = (text: string) => new Date(`${text}T12:00:00Z`);

test("the last day still counts, the next does not", () => {
  expect(isKubernetesSupported("v1.33.1", "arc", day("2026-06-28"))).toBe(true);
  expect(isKubernetesSupported("v1.33.1", "arc", day("2026-06-29"))).toBe(false);
});
test("each cloud has its own day, what nobody knows is unknown", () => {
  expect(isKubernetesSupported("v1.32.9-eks-1", "eks", day("2026-11-01"))).toBe(true);
  expect(isKubernetesSupported("v1.32.9", "aks", day("2026-11-01"))).toBe(false);
  expect(isKubernetesSupported("v1.12.0", "gke", day("2026-11-01"))).toBe(false);
  expect(isKubernetesSupported("v1.99.0", "gke", day("2026-11-01"))).toBeUndefined();
  expect(isKubernetesSupported("v1.37.1", "arc", day("2026-11-21"))).toBe(true);
  expect(isKubernetesSupported("v1.37.1-eks-1", "eks", day("2026-11-21"))).toBeUndefined();
  expect(isKubernetesSupported("v1.36.3", "aks", day("2026-11-21"))).toBe(true);
  expect(isKubernetesSupported("v1.34.11-gke.1209000", "gke", day("2026-11-21"))).toBe(true);
  expect(isKubernetesSupported("rubbish", "gke", day("2026-11-01"))).toBeUndefined();
});
test("systems end by their maker's word, or with the Kubernetes that they carry", () => {
  expect(isSystemSupported("Ubuntu 20.04.6 LTS", day("2026-11-01"), true)).toBe(false);
  expect(isSystemSupported("Ubuntu 24.04.2 LTS", day("2026-11-01"), false)).toBe(true);
  expect(isSystemSupported("Ubuntu 26.04 LTS", day("2026-11-21"), false)).toBe(true);
  expect(isSystemSupported("Ubuntu 25.10", day("2026-11-21"), true)).toBe(false);
  expect(isSystemSupported("Ubuntu 26.10", day("2026-11-21"), true)).toBe(true);
  expect(isSystemSupported("Ubuntu 27.04", day("2027-05-01"), true)).toBeUndefined();
  expect(isSystemSupported("Debian GNU/Linux 13 (trixie)", day("2026-11-21"), true)).toBe(true);
  expect(isSystemSupported("Amazon Linux 2", day("2026-06-30"), undefined)).toBe(true);
  expect(isSystemSupported("Amazon Linux 2023.9.20251105", day("2026-11-01"), undefined)).toBe(true);
  expect(isSystemSupported("Container-Optimized OS from Google", day("2026-11-01"), false)).toBe(false);
  expect(isSystemSupported("Container-Optimized OS from Google", day("2026-11-01"), undefined)).toBeUndefined();
  expect(isSystemSupported("Haiku R1", day("2026-11-01"), true)).toBeUndefined();
});
