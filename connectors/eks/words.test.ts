import { AddonStatus, AMITypes, ClusterStatus, NodegroupStatus } from "@aws-sdk/client-eks";
import { expect, it } from "vitest";
import { ADDON_STATES, CLUSTER_STATES, GROUP_STATES, IMAGE_TYPE } from "./words";

it("knows the words of the SDK", () => {
  const sorted = (words: readonly string[]) => [...words].sort();
  expect(sorted(CLUSTER_STATES)).toEqual(sorted(Object.values(ClusterStatus)));
  expect(sorted(GROUP_STATES)).toEqual(sorted(Object.values(NodegroupStatus)));
  expect(sorted(ADDON_STATES)).toEqual(sorted(Object.values(AddonStatus)));
  expect(Object.values(AMITypes).filter((type) => !IMAGE_TYPE.test(type))).toEqual(["CUSTOM"]);
});
