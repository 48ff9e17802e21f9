import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadControls } from "../load";
import type { Control } from "../schema";
import { type FixTarget, fixFor, isFilledIn } from "./fix";
import { hclText, shellWord } from "./quote";

const controls = new Map(loadControls().map((control) => [control.name, control]));
const control = (name: string): Control => {
  const found = controls.get(name);
  if (found === undefined) throw new Error(`no control ${name}`);
  return found;
};
const aks: FixTarget = {
  distribution: "aks",
  cluster: "aks-prod-1",
  region: "westeurope",
  aliases: [
    "/subscriptions/sub-1/resourcegroups/rg-prod/providers/microsoft.containerservice/managedclusters/aks-prod-1",
  ],
  account: "sub-1",
  apiGroup: "",
  kind: "ManagedCluster",
  namespace: "",
  name: "aks-prod-1",
  paths: ["api.publicEndpoint"],
  object: {},
};
const deployment: FixTarget = {
  ...aks,
  apiGroup: "apps",
  kind: "Deployment",
  namespace: "shop",
  name: "web",
  paths: ["spec.template.spec.containers[1]", "spec.template.spec.initContainers[0]"],
  object: {
    spec: {
      template: { spec: { containers: [{ name: "side" }, { name: "web" }], initContainers: [{ name: "init" }] } },
    },
  },
};
const block = (name: string, target: FixTarget, id: string) =>
  fixFor(control(name), target).blocks.find((each) => each.id === id);

describe("a fix for one resource", () => {
  it("fills the cloud's command in with the cluster's own names, per cloud", () => {
    expect(block("local-accounts-enabled", aks, "cli")).toMatchObject({
      text: "az aks update --resource-group rg-prod --name aks-prod-1 --disable-local-accounts --subscription sub-1",
      open: null,
    });
    expect(
      block("local-accounts-enabled", { ...aks, distribution: "gke", region: "europe-west1", account: "proj" }, "cli")
        ?.text,
    ).toBe("gcloud container clusters update aks-prod-1 --location europe-west1 --no-enable-basic-auth --project proj");
  });

  it("puts a patch where its fields live: at the workload, its Jobs, its pods or the pod's security context", () => {
    const at = (name: string, target: Partial<FixTarget>): unknown =>
      parse(block(name, { ...deployment, ...target }, "patch")?.text ?? "");
    expect(at("single-replica", { paths: ["spec.replicas"] })).toEqual({ spec: { replicas: 2 } });
    const cron = { apiGroup: "batch", kind: "CronJob", paths: ["spec"] };
    expect(at("cron-job-overlaps", cron)).toEqual({ spec: { concurrencyPolicy: "Forbid" } });
    expect(at("job-without-deadline", cron)).toEqual({
      spec: { jobTemplate: { spec: { activeDeadlineSeconds: 3600 } } },
    });
    expect(
      at("node-name-pinned", {
        paths: ["spec.template.spec.nodeName"],
        object: { spec: { template: { spec: { nodeName: "n" } } } },
      }),
    ).toEqual({
      spec: { template: { spec: { nodeName: null } } },
    });
    const paths = ["spec.template.spec.securityContext", "spec.template.spec.containers[1].securityContext"];
    const securityContext = { runAsUser: 10001 };
    expect(at("user-zero-named", { paths })).toEqual({
      spec: { template: { spec: { securityContext, containers: [{ name: "web", securityContext }] } } },
    });
  });

  it("fills a patch in from the object, and says what the object does not tell", () => {
    const ingress = (rules: unknown): FixTarget => ({
      ...deployment,
      apiGroup: "networking.k8s.io",
      kind: "Ingress",
      paths: ["spec.tls"],
      object: { metadata: { name: "shop" }, spec: { rules } },
    });
    const full = block(
      "ingress-without-tls",
      ingress([{ host: "a.shop" }, { host: "b.shop" }, { host: "a.shop" }]),
      "patch",
    );
    expect(parse(full?.text ?? "")).toEqual({
      spec: { tls: [{ hosts: ["a.shop", "b.shop"], secretName: "shop-tls" }] },
    });
    expect(full?.open).toBeNull();
    const bare = block("ingress-without-tls", ingress([{ http: {} }]), "patch");
    expect(bare?.open).toContain("Fill in");
    expect(bare?.text).toContain("{{object.spec.rules[*].host}}");
    const hostile = block("ingress-without-tls", ingress([{ host: "{{object.metadata.name}}: \n- x" }]), "patch");
    expect(parse(hostile?.text ?? "")).toMatchObject({
      spec: { tls: [{ hosts: ["{{object.metadata.name}}: \n- x"] }] },
    });
  });

  it("says what it does not know instead of inventing it", () => {
    const cli = block("local-accounts-enabled", { ...aks, aliases: [] }, "cli");
    expect(cli?.text).toContain("--resource-group GROUP");
    expect(cli?.open).toContain("GROUP");
  });

  it("writes one command for each node pool that the evidence names", () => {
    const cli = block(
      "node-pool-without-repair",
      {
        ...aks,
        distribution: "eks",
        region: "eu-west-1",
        paths: ["nodePools[1]", "nodePools[0]"],
        object: { nodePools: [{ name: "a" }, { name: "b b" }] },
      },
      "cli",
    );
    expect(cli?.text.split("\n").map((line) => /--nodegroup-name (.*) --node/.exec(line)?.[1])).toEqual(["'b b'", "a"]);
  });

  it("places a container's patch under the containers that violate, by name", () => {
    const text = block("privileged-container", deployment, "patch")?.text ?? "";
    expect(text).toContain("# kubectl patch --namespace=shop deployment.apps/web --patch-file=fix.yaml");
    expect(parse(text)).toEqual({
      spec: {
        template: {
          spec: {
            containers: [{ name: "web", securityContext: { privileged: false } }],
            initContainers: [{ name: "init", securityContext: { privileged: false } }],
          },
        },
      },
    });
  });

  it("places a pod's patch where the kind keeps its pod", () => {
    expect(
      parse(block("host-network", { ...deployment, kind: "CronJob", apiGroup: "batch" }, "patch")?.text ?? ""),
    ).toEqual({
      spec: { jobTemplate: { spec: { template: { spec: { hostNetwork: false } } } } },
    });
  });

  it("gives a policy the namespace that lacks it", () => {
    const text =
      block("namespace-without-default-deny", { ...aks, kind: "Namespace", name: "shop" }, "patch")?.text ?? "";
    expect(parse(text)).toMatchObject({ kind: "NetworkPolicy", metadata: { namespace: "shop" } });
  });

  it("cannot be made to run anything: every filled name reaches the program as one word", () => {
    const hostile = fc
      .string({ unit: "binary", minLength: 1, maxLength: 40 })
      .filter((text) => shellWord(text) !== null);
    const words = [
      ...fc.sample(hostile, 60),
      "$(touch /tmp/x)",
      "`id`",
      "a; rm -rf /",
      "--help",
      "-x",
      "a'b",
      '"',
      "\\",
      "é 🚢",
      "!x",
      "*",
    ];
    const commands = words.map((name) => block("local-accounts-enabled", { ...aks, cluster: name }, "cli")?.text ?? "");
    const program = `az() { for word in "$@"; do printf '%s\\0' "$word"; done; printf '\\1'; }; ${commands.join("\n")}`;
    const ran = spawnSync("sh", ["-c", program], { encoding: "utf8" });
    expect(ran.stderr).toBe("");
    const runs = ran.stdout.split("\u0001").map((run) => run.split("\0"));
    expect(runs.length).toBe(words.length + 1);
    for (const [index, name] of words.entries()) {
      const given = runs[index] ?? [];
      expect(given.some((word, at) => (word === name && given[at - 1] === "--name") || word === `--name=${name}`)).toBe(
        true,
      );
    }
  });

  it("leaves control and direction characters to the person", () => {
    for (const name of ["a\nrm -rf /", "a\u0007", "x\u202ey"]) {
      expect(shellWord(name)).toBeNull();
      expect(hclText(name)).toBeNull();
      const fix = fixFor(control("host-network"), { ...deployment, name });
      expect(fix.blocks[0]?.text).not.toContain("kubectl");
      expect(fix.blocks[0]?.open).toContain("type the command yourself");
    }
  });

  it("keeps Terraform from reading names as expressions", () => {
    const open = "${";
    expect(hclText(`a"b${open}c}%{d}\\`)).toBe(`a\\"b$${open}c}%%{d}\\\\`);
  });

  it("has something to say for every control on every distribution", () => {
    for (const each of controls.values())
      for (const distribution of ["aks", "eks", "gke", "arc"] as const)
        expect(fixFor(each, { ...deployment, distribution }).steps.length).toBeGreaterThan(10);
  });
});

it("is filled in only where a command or a file holds something of the resource", () => {
  expect(isFilledIn(fixFor(control("host-network"), deployment), deployment)).toBe(true);
  expect(isFilledIn({ steps: "Ask who deploys web.", blocks: [] }, deployment)).toBe(false);
  const general = { id: "terraform", title: "Terraform", text: "resource {}", open: null } as const;
  expect(isFilledIn({ steps: "", blocks: [general] }, deployment)).toBe(false);
});
