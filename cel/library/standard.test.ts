import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { STANDARD } from "./standard";

/** The functions of each library of Kubernetes' base environment, release 1.37, that are no macros. Written by `name/arguments`. */
const KUBERNETES: Readonly<Record<string, readonly string[]>> = {
  optional: ["optional.unwrap/1", ".unwrapOpt/0", ".first/0", ".last/0"],
  strings: [
    ...[".charAt/1", ".indexOf/1", ".indexOf/2", ".lastIndexOf/1", ".lastIndexOf/2", ".substring/1", ".substring/2"],
    ...[".split/1", ".split/2", ".join/0", ".join/1", ".replace/2", ".replace/3", ".trim/0", ".lowerAscii/0"],
    ...[".upperAscii/0", ".format/1", "strings.quote/1"],
  ],
  lists: [
    ...[".slice/2", ".flatten/0", ".flatten/1", ".distinct/0", ".reverse/0", ".sort/0", "lists.range/1"],
    ...[".isSorted/0", ".sum/0", ".min/0", ".max/0", ".includes/1"],
  ],
  sets: ["sets.contains/2", "sets.equivalent/2", "sets.intersects/2"],
  regex: [".find/1", ".findAll/1", ".findAll/2"],
  urls: [
    ...["url/1", "isURL/1", ".getScheme/0", ".getHost/0", ".getHostname/0", ".getPort/0", ".getEscapedPath/0"],
    ".getQuery/0",
  ],
  quantity: [
    ...["quantity/1", "isQuantity/1", ".isInteger/0", ".asInteger/0", ".asApproximateFloat/0", ".sign/0", ".add/1"],
    ...[".sub/1", ".isGreaterThan/1", ".isLessThan/1", ".compareTo/1"],
  ],
  ip: [
    ...["ip/1", "isIP/1", "ip.isCanonical/1", ".family/0", ".isUnspecified/0", ".isLoopback/0"],
    ...[".isLinkLocalMulticast/0", ".isLinkLocalUnicast/0", ".isGlobalUnicast/0", "string/1"],
  ],
  cidr: ["cidr/1", "isCIDR/1", ".containsIP/1", ".containsCIDR/1", ".ip/0", ".masked/0", ".prefixLength/0"],
  format: [
    ...["format.named/1", ".validate/1"],
    ...["dns1123Label", "dns1123Subdomain", "dns1035Label", "dns1123LabelPrefix", "dns1123SubdomainPrefix"]
      .concat(["dns1035LabelPrefix", "qualifiedName", "labelValue", "uri", "uuid", "byte", "date", "datetime"])
      .map((name) => `format.${name}/0`),
  ],
  semver: ["semver/1", "semver/2", "isSemver/1", "isSemver/2", ".major/0", ".minor/0", ".patch/0"],
};

it.each(Object.entries(KUBERNETES))("knows all of Kubernetes' %s", (_, functions) => {
  expect(functions.filter((key) => !(key in STANDARD))).toEqual([]);
});

it("tells of every function in the documentation", () => {
  const known =
    readFileSync("docs/cel.md", "utf8").split("## What it knows")[1]?.split("## How values are held")[0] ?? "";
  const names = Object.keys(STANDARD)
    .filter((key) => !key.startsWith(".@"))
    .map((key) => key.replace(/^\.|\/.*$/g, ""));
  const told = (name: string): boolean => {
    const [last = "", space = ""] = name.split(".").reverse();
    const plain = last.replace(/Prefix$/, "");
    return new RegExp(`\`\\.?(?:${space}\\.)?${plain}\``).test(known) && known.includes(space);
  };
  expect(names.filter((name) => !told(name))).toEqual([]);
});
