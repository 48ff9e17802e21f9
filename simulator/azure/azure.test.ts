import { request } from "node:https";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCore } from "../core";
import { type AzureWire, start } from "./index";
import { AKS_SERVER_APP } from "./tokens";

const core = createCore({ scenario: "tiny", now: new Date("2026-03-01T00:00:00Z") });
let wire: AzureWire;
beforeAll(async () => {
  for (const cluster of core.clusters()) core.setServer(cluster.id, `https://127.0.0.1:1/${cluster.id}`);
  wire = await start(core);
});
afterAll(() => wire.stop());

const send = (method: string, path: string, headers: Record<string, string> = {}, body = "") =>
  new Promise<{ status: number; json: Record<string, unknown> }>((resolve, reject) => {
    const url = path.startsWith("https:") ? path : `${wire.endpoints.arm}${path}`;
    const req = request(url, { method, headers, ca: core.tls.ca }, async (res) => {
      let text = "";
      for await (const chunk of res) text += chunk;
      resolve({ status: res.statusCode ?? 0, json: JSON.parse(text) });
    });
    req.on("error", reject).end(body);
  });

const azure = core.accounts().filter((account) => account.provider === "azure");
const [account] = azure;
if (account === undefined) throw new Error("the scenario has no Azure account");

async function token(scope: string, form: Record<string, string> = {}) {
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: account?.clientId ?? "",
    client_secret: account?.clientSecret ?? "",
    scope,
    ...form,
  });
  return send(
    "POST",
    `/${account?.tenantId}/oauth2/v2.0/token`,
    { "content-type": "application/x-www-form-urlencoded" },
    body.toString(),
  );
}
const bearer = async (audience = "https://management.azure.com") => ({
  authorization: `Bearer ${(await token(`${audience}/.default`)).json.access_token}`,
});
const list = `/subscriptions/${account.id}/providers/Microsoft.ContainerService/managedClusters`;

describe("entra", () => {
  it.each([
    ["a wrong secret", "https://management.azure.com/.default", { client_secret: "no" }, 401, 7000215],
    ["an unknown application", "https://management.azure.com/.default", { client_id: "no" }, 400, 700016],
    ["an unknown resource", "https://example.org/.default", {}, 400, 500011],
    ["another grant", "https://management.azure.com/.default", { grant_type: "password" }, 400, 70003],
  ])("refuses %s", async (_, scope, form, status, number) => {
    const answer = await token(scope, form);
    expect(answer.status).toBe(status);
    expect(answer.json.error_codes).toEqual([number]);
  });
});

describe("arm", () => {
  it("answers every Azure cluster of the estate once, over pages, and conforms to the SDK's definitions", async () => {
    const seen: string[] = [];
    for (const type of ["Microsoft.ContainerService/managedClusters", "Microsoft.Kubernetes/connectedClusters"]) {
      for (let url = `/subscriptions/${account.id}/providers/${type}?api-version=2026-06-01`; url !== ""; ) {
        const answer = await send("GET", url, await bearer());
        expect(answer.status, JSON.stringify(answer.json)).toBe(200);
        const items = answer.json.value as { name: string }[];
        seen.push(...items.map((item) => item.name));
        url = typeof answer.json.nextLink === "string" ? answer.json.nextLink : "";
      }
    }
    const mine = core.clusters().filter((c) => c.accountId === account.id || c.alsoArcIn === account.id);
    expect(seen.sort()).toEqual(mine.map((c) => c.id).sort());
  });

  it("refuses no token, a foreign audience, a foreign subscription and a bad api-version", async () => {
    const at = (path: string, headers = {}) => send("GET", path, headers).then((answer) => answer.status);
    const headers = await bearer();
    expect(await at(`${list}?api-version=2026-06-01`)).toBe(401);
    expect(await at(`${list}?api-version=2026-06-01`, await bearer(AKS_SERVER_APP))).toBe(401);
    expect(await at(`${list.replace(account.id, azure[1]?.id ?? "")}?api-version=2026-06-01`, headers)).toBe(403);
    expect(await at(`${list.replace(account.id, "none")}?api-version=2026-06-01`, headers)).toBe(404);
    expect(await at(list, headers)).toBe(400);
    expect(await at(`${list}?api-version=newest`, headers)).toBe(400);
  });

  it("answers 501 to what it does not know, and logs it", async () => {
    const path = `/subscriptions/${account.id}/providers/Microsoft.Storage/storageAccounts?api-version=2026-01-01`;
    expect((await send("GET", path, await bearer())).status).toBe(501);
    expect(core.requests().requests.at(-1)).toMatchObject({ service: "arm", action: "unknown:GET", status: 501 });
  });
});

describe("aks token verifier", () => {
  it("accepts the Entra token of the server application only, on the clusters of its account", async () => {
    const verify = core.verifier("aks");
    const own = core
      .clusters()
      .find((c) => c.distribution === "aks" && c.accountId === account.id && c.controlPlane.cloudDirectory);
    if (verify === undefined || own === undefined) throw new Error("nothing to verify");
    const mint = async (audience: string) => String((await token(`${audience}/.default`)).json.access_token);
    const good = await mint(AKS_SERVER_APP);
    expect(await verify(good, own)).toBe(account.clientId);
    expect(await verify(await mint("https://management.azure.com"), own)).toBeNull();
    expect(await verify(`${good.slice(0, -4)}AAAA`, own)).toBeNull();
    expect(await verify(good, { ...own, accountId: "another" })).toBeNull();
  });
});
