import fc from "fast-check";
import { expect, it } from "vitest";
import { without } from "./address";
import { selectedBy } from "./policy";
import { allowTogether, openingOf } from "./policy-opening";
import type { KubernetesObject } from "./schema";

const half = fc.constantFrom("0.0.0.0/1", "128.0.0.0/1", "128.0.0.0/2", "192.0.0.0/2", "::/1", "8000::/1");
const peer = fc.record({
  ipBlock: fc.record({ cidr: half, except: fc.array(fc.constantFrom("128.0.0.0/3", "160.0.0.0/3"), { maxLength: 1 }) }),
});
const port = fc.constantFrom(
  { port: 1, endPort: 30_000 },
  { port: 20_000, endPort: 65_535 },
  { port: 53, protocol: "UDP" },
  { port: 80 },
);
const rule = fc.record(
  { to: fc.array(peer, { maxLength: 3 }), ports: fc.array(port, { maxLength: 2 }) },
  { requiredKeys: ["to"] },
);

it("policies open together what one policy with all of their rules opens", () => {
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(fc.array(fc.array(rule, { maxLength: 2 }), { maxLength: 4 }), (policies) => {
      const one = openingOf(policies.flat(), "to", "world").all;
      seen.add(one);
      expect(allowTogether(policies.map((rules) => openingOf(rules, "to", "world")))).toBe(one);
    }),
    { numRuns: 500 },
  );
  expect(seen.size).toBe(2);
});

it("what is left of a range is every number that no other range holds", () => {
  const range = fc
    .tuple(fc.nat(20), fc.nat(20))
    .map(([first, last]) => ({ bits: 16, first: BigInt(first), last: BigInt(last) }));
  fc.assert(
    fc.property(fc.array(range, { maxLength: 6 }), (others) => {
      const numbers = (first: bigint, last: bigint) => {
        const found: bigint[] = [];
        for (let at = first; at <= last; at++) found.push(at);
        return found;
      };
      const left = without({ bits: 16, first: 3n, last: 15n }, others).flatMap(({ first, last }) =>
        numbers(first, last),
      );
      const taken = new Set(others.flatMap(({ first, last }) => numbers(first, last)));
      expect(left).toEqual(numbers(3n, 15n).filter((at) => !taken.has(at)));
    }),
  );
});

const policy = (name: string, egress: object[]): KubernetesObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name, namespace: "shop" },
  spec: { podSelector: {}, policyTypes: ["Egress"], egress },
});
const to = (cidr: string, except: string[] = []) => ({ to: [{ ipBlock: { cidr, except } }] });
const holes = (count: number) => Array.from({ length: count }, (_, at) => `10.${at >> 8}.${at % 256}.0/25`);

it("policies whose pieces may add up to everything are not added up beyond bounds, and nobody is told that they hold", () => {
  const most = policy("most", [to("0.0.0.0/0", holes(2000))]);
  const rest = policy("rest", [to("10.0.0.0/8")]);
  const few = policy("few", [to("0.0.0.0/0", holes(20))]);
  expect(selectedBy([few, rest], {}).egress).toBe(false);
  expect(selectedBy([most, rest], {}).egress).toBeUndefined();
  expect(selectedBy([most], {}).egress).toBe(true);
  // Thousands of pieces that can't be everything are added up by their size.
  expect(
    selectedBy(
      [
        policy(
          "listed",
          holes(2000).map((cidr) => to(cidr)),
        ),
        rest,
      ],
      {},
    ).egress,
  ).toBe(true);
  expect(selectedBy([policy("rules", Array(300_000).fill({ to: [{ podSelector: {} }] }))], {}).egress).toBe(true);
});
