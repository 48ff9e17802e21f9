import { afterEach, beforeEach, expect, it } from "vitest";
import { readKubelets } from "./kubelet";
import { type Answer, FixtureServer, fixtureOptions, status } from "./testing/fixture-server";

let fixture: FixtureServer;
beforeEach(async () => {
  fixture = new FixtureServer();
  await fixture.start();
});
afterEach(() => fixture.stop());

const verdict =
  (allowed: unknown): Answer =>
  (request, response) => {
    request.resume();
    request.on("end", () =>
      response.writeHead(201).end(JSON.stringify({ kind: "SelfSubjectAccessReview", status: { allowed } })),
    );
  };
const configz =
  (config: unknown): Answer =>
  (_, response) =>
    response.end(JSON.stringify({ kubeletconfig: config }));
const read = (...nodes: string[]) => readKubelets(fixture.access(), fixtureOptions(), nodes);

it("asks no kubelet without the right to", async () => {
  fixture.answers = [verdict(false)];
  expect(await read("n1", "n2")).toBeNull();
  expect(fixture.requests.map(({ url }) => url)).toEqual(["/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"]);
});
it("takes no answer for no right", async () => {
  fixture.answers = [status(500)];
  expect(await read("n1")).toBeNull();
});
it("keeps what controls read, and nothing else", async () => {
  const judged = {
    readOnlyPort: 10255,
    tlsCipherSuites: ["TLS_RSA_WITH_RC4_128_SHA"],
    tlsMinVersion: "VersionTLS12",
    podPidsLimit: -1,
    featureGates: { RotateKubeletServerCertificate: false },
  };
  fixture.answers = [
    verdict(true),
    configz({ ...judged, clusterDNS: ["10.0.0.10"], staticPodURLHeader: {}, tlsPrivateKeyFile: "/k" }),
  ];
  expect(await read("n/1")).toEqual(new Map([["n/1", judged]]));
  expect(fixture.requests.at(-1)?.url).toBe("/api/v1/nodes/n%2F1/proxy/configz");
});
it("lets one node's failure be its own", async () => {
  const byNode: Answer = (request, response, token) =>
    (request.url?.includes("dead")
      ? status(503)
      : request.url?.includes("odd")
        ? configz("none")
        : configz({ seccompDefault: true }))(request, response, token);
  fixture.answers = [verdict(true), byNode];
  const found = await read("alive", "dead", "odd");
  expect(found?.get("alive")).toEqual({ seccompDefault: true });
  expect(found?.get("dead")).toMatchObject({ code: "server_error", what: "nodes/dead/proxy/configz" });
  expect(found?.get("odd")).toMatchObject({ code: "malformed" });
});
it("is bounded: one request for a node, and no more nodes than are allowed", async () => {
  fixture.answers = [verdict(true), status(503)];
  const found = await read(...Array.from({ length: 600 }, (_, index) => `n${index}`));
  expect(found?.size).toBe(500);
  expect(fixture.requests).toHaveLength(501);
});
