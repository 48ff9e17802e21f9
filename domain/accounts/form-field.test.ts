import { expect, it } from "vitest";
import { secretsOf } from "./cloud-form";
import { fieldsOf, filledFields } from "./form-field";
import { CONNECTABLE } from "./schema";

it.each(CONNECTABLE)("asks for the required settings of %s first, and for no credential among them", (cloud) => {
  const fields = fieldsOf(cloud);
  const required = fields.map((field) => field.required);
  expect(required.indexOf(false)).toBe(required.filter(Boolean).length);
  expect(fields.map((field) => field.name)).not.toContain("clientSecret");
});

it.each(CONNECTABLE)("says of everything that %s needs what it is, with an example or where to find it", (cloud) => {
  for (const field of fieldsOf(cloud).filter(({ required }) => required))
    expect(field.hint, field.name).toMatch(/such as|prints it|NUMBER|not its|trust policy/);
  for (const { name, hint } of secretsOf(cloud).fields) expect(hint, name).not.toBe("");
});

it("makes a field of each address, with what is used without it", () => {
  const sts = fieldsOf("aws").find(({ name }) => name === "endpoints.sts");
  expect(sts).toMatchObject({ kind: "text", section: "endpoints", label: "STS address", initial: "" });
  expect(sts).toMatchObject({ fallback: expect.stringContaining("https://sts.") });
  const regions = fieldsOf("aws").find(({ name }) => name === "regions");
  expect(regions).toMatchObject({ kind: "list", section: "main" });
  expect(regions?.kind === "list" && regions.known).toContainEqual({
    value: "eu-central-1",
    label: "Europe (Frankfurt)",
  });
  const arc = fieldsOf("azure").find(({ name }) => name === "arc");
  expect(arc?.kind === "rows" && arc.columns.map(({ name }) => name)).toEqual([
    "name",
    "server",
    "caCertificate",
    "tlsServerName",
  ]);
});

it("shows a setting that is the default anyway as left empty, and any other as it is", () => {
  const fields = filledFields("azure", { authorityHost: "https://login.microsoftonline.com", maxAttempts: 9 });
  expect(fields.find(({ name }) => name === "authorityHost")).toMatchObject({ initial: "" });
  expect(fields.find(({ name }) => name === "maxAttempts")).toMatchObject({ initial: "9" });
});

it("shows an address that was entered, though it is used without it, too: left empty it would be taken away", () => {
  const tokenUrl = "https://sts.googleapis.com/v1/token";
  expect(filledFields("gcp", { tokenUrl }).find(({ name }) => name === "tokenUrl")).toMatchObject({
    initial: tokenUrl,
    fallback: tokenUrl,
  });
});

it.each(CONNECTABLE)("folds every limit of %s", (cloud) => {
  const limits = fieldsOf(cloud).filter(({ name }) => /(Ms|Attempts|Pages)$/.test(name));
  expect(limits.length).toBeGreaterThan(0);
  expect(limits.filter(({ section }) => section !== "limits")).toEqual([]);
});

it("has no field that only JSON could fill", () => {
  for (const cloud of CONNECTABLE)
    for (const field of fieldsOf(cloud))
      if (field.kind === "text") expect(field.initial, field.name).not.toMatch(/^[[{]/);
});
