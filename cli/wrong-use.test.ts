import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import packageFile from "@/package.json";
import { parseCompliance } from "./compliance";
import { seawall } from "./testing";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "seawall-wrong-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ["", "A command is missing: one of check, check-cluster, control list"],
  ["control", "Did you mean seawall control list or seawall control show or seawall control test?"],
  ["controls", "Did you mean seawall control list or"],
  ["audit", "Did you mean seawall audit verify?"],
  ["complience export", "Did you mean seawall compliance export?"],
  ["check x --foo", "There is no option --foo. A path of that name is given as ./--foo."],
  ["check x --formt json", "There is no option --formt. Did you mean --format?"],
  ["check x --format", "--format needs a value."],
  ["check x --params --all", "--params needs a value; one that begins with a dash is given as --params=VALUE."],
  ["check x --all=yes", "--all takes no value."],
  ["check x --format jsn", 'not "jsn". Did you mean json?'],
  ["check x --distribution AKS", 'not "AKS". Did you mean aks?'],
  ["check x --controls SW-1", 'There is no control "SW-1". Did you mean SW-0001?'],
  ["check x --controls SW-9999", 'There is no control "SW-9999". seawall control list shows all.'],
  [
    "check x --benchmark pss-restricted --benchmark pss-baseline",
    "--benchmark is given twice: run the command once for each benchmark.",
  ],
  ["check x --controls SW-0001 --controls=SW-0218", "--controls is given twice: give all of them in one, with commas"],
  ["check x --format json --format json", "--format is given twice: give it once."],
  ["check x --fail-on high --fail-on low", "--fail-on is given twice: give the lowest severity that is to fail."],
  ["check x --params a --params b", "--params is given twice: one file holds the parameters of all controls."],
  ["check x --distribution aks --distribution eks", "--distribution is given twice"],
  ["check x --kubernetes-version 1.34 --kubernetes-version 1.35", "--kubernetes-version is given twice"],
  ["check-cluster x --distribution aks --distribution eks", "--distribution is given twice"],
  ["compliance export --benchmark pss-baseline --benchmark pss-restricted", "--benchmark is given twice"],
  ["compliance export --benchmark mcsb --cluster a --cluster b", "--cluster is given twice"],
  ["audit verify --expect a --expect b", "--expect is given twice"],
  [
    "check-cluster - --distribution aks --benchmark pss-baseline",
    "None of these controls judges a managed cluster: check its objects with seawall check.",
  ],
  ["control test none.yaml", "none.yaml does not exist."],
])("says of seawall %s what is wrong and what may be meant", async (words, said) => {
  const { code, out, err } = await seawall(words.split(" ").filter((word) => word !== ""));
  expect(err).toContain(said);
  expect([code, out]).toEqual([2, ""]);
});

it("says yes twice as once", async () => {
  expect((await seawall(["check", "-", "--all", "--all"], "kind: Pod")).err).not.toContain("twice");
});

it("seawall help is seawall --help", async () => {
  expect(await seawall(["help"])).toEqual(await seawall(["--help"]));
});

it("seawall --version tells the package's", async () => {
  const told = { code: 0, out: `seawall ${packageFile.version}\n`, err: "" };
  expect([await seawall(["--version"]), await seawall(["version"])]).toMatchObject([told, told]);
});

it("an export's wrong words are told alike", () => {
  expect(() => parseCompliance(["export", "--benchmrk", "mcsb"])).toThrow("Did you mean --benchmark?");
  expect(() => parseCompliance(["export", "--benchmark", "zzz"])).toThrow(
    /There are cis-aks-1\.8, .*pss-restricted\.$/,
  );
});

describe("--params", () => {
  const SUCH =
    "Give a YAML map of controls to their parameters, such as resource-limits-missing: { resources: [memory] }.";
  const asked = async (file: string) => (await seawall(["check", "x", "--params", file])).err;

  it("says what is to be given where there is no such file", async () => {
    expect(await asked("none.yaml")).toContain(`--params none.yaml: does not exist. ${SUCH}`);
    expect(await asked(folder)).toContain(`--params ${folder}: is a folder. ${SUCH}`);
  });
  it("says what is wrong in it, and at which line", async () => {
    const file = path.join(folder, "params.yaml");
    writeFileSync(file, "SW-0004:\n  capabilities: [\n");
    expect(await asked(file)).toMatch(/--params .*params\.yaml:3: \w/);
    writeFileSync(file, "[1]\n");
    expect(await asked(file)).toContain(`holds no map of controls to parameters. ${SUCH}`);
  });
});

describe.runIf(existsSync("/dev/full"))("a full disk", () => {
  const ran = (args: readonly string[], full: "out" | "err") => {
    const device = openSync("/dev/full", "w");
    const stdio = full === "out" ? (["ignore", device, "pipe"] as const) : (["ignore", "pipe", device] as const);
    const started = spawnSync(process.execPath, [path.resolve(import.meta.dirname, "seawall.mjs"), ...args], {
      stdio: [...stdio],
      encoding: "utf8",
    });
    closeSync(device);
    return started;
  };

  it("is no verdict: what could not be written is told, with exit code 2", () => {
    const { status, stderr } = ran(["control", "list"], "out");
    expect(stderr).toMatch(/^seawall: the output could not be written: ENOSPC/);
    expect([status, stderr.split("\n").length]).toEqual([2, 2]);
  });
  it("for what is said beside the report changes neither report nor exit code", () => {
    const { status, stdout } = ran(["check", "none.yaml", "--format", "json"], "err");
    expect([status, (JSON.parse(stdout) as { summary: { unreadable: number } }).summary.unreadable]).toEqual([2, 1]);
  });
});
