import { expect, it } from "vitest";
import { negotiate } from "./kubernetes-accept";
import { Refusal } from "./kubernetes-answer";

const METADATA = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
const ONE = METADATA.replace("MetadataList", "Metadata");
const status = (accept: string, verb: "get" | "list" | "watch" = "list"): number => {
  try {
    negotiate(accept, verb);
    return 200;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
};

it("gives the object where nothing else is asked for", () => {
  expect(negotiate(undefined, "list")).toBe("whole");
  for (const accept of ["", "*/*", "application/*", "text/html, application/json;q=0.1", "application/json;pretty=1"])
    expect(negotiate(accept, "list")).toBe("whole");
});

it("takes the first clause by quality that it serves", () => {
  expect(negotiate(`application/json;q=0.5, ${METADATA}`, "list")).toBe("metadata");
  expect(negotiate(`${METADATA},application/json`, "list")).toBe("metadata");
  expect(negotiate(`${METADATA};q=0,application/json`, "list")).toBe("whole");
  expect(negotiate(ONE, "get")).toBe("metadata");
});

it("passes over forms it does not know, and refuses with 406 when none is left", () => {
  const unknown = [
    METADATA.replace("v=v1", "v=1"),
    METADATA.replace("g=meta.k8s.io", "g=x"),
    "application/json;as=Bogus",
    "text/html",
  ];
  for (const accept of unknown) {
    expect(status(accept)).toBe(406);
    expect(negotiate(`${accept},application/json`, "list")).toBe("whole");
  }
  expect(status(ONE)).toBe(406);
  expect(status(METADATA, "get")).toBe(406);
});

it("says loudly what only the simulator lacks", () => {
  for (const accept of ["application/yaml", "application/json;as=Table;v=v1;g=meta.k8s.io"])
    expect(status(accept)).toBe(501);
  expect(status(METADATA, "watch")).toBe(501);
});
