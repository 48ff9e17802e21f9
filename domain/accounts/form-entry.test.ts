import { describe, expect, it } from "vitest";
import { CLOUD_FORMS } from "./cloud-form";
import { parseConnection, type Settings } from "./connection";
import { problemsInForm, readEntry } from "./form-entry";
import { filledFields } from "./form-field";
import type { Connectable } from "./schema";

const guid = "3f1d0c52-8a64-4a0e-9a57-0b7c9a5f1101";
const PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";

function formOf(values: Record<string, string | readonly string[]>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(values))
    for (const each of typeof value === "string" ? [value] : value) form.append(name, each);
  return form;
}
/** The form as it is shown, sent back untouched: with CRLF, as browsers do. */
function untouched(cloud: Connectable, settings: Settings): FormData {
  const form = new FormData();
  for (const field of filledFields(cloud, settings)) {
    const at = `settings.${field.name}`;
    if (field.kind === "list") for (const value of [...field.initial, ""]) form.append(at, value);
    else if (field.kind === "rows")
      for (const [number, row] of [...field.initial, {}].entries())
        for (const [column, value] of Object.entries(row)) form.append(`${at}.${number}.${column}`, value);
    else form.append(at, field.initial.replaceAll("\n", "\r\n"));
  }
  return form;
}

const STORED: Readonly<Record<Connectable, Settings>> = {
  azure: {
    ...{ subscriptionId: guid, tenantId: guid, clientId: guid, caBundle: PEM },
    arc: [{ name: "depot", server: "https://depot.example", caCertificate: PEM, tlsServerName: "inner" }],
    apiVersions: { aks: "2026-06-01" },
  },
  aws: {
    ...{ accountId: "111122223333", roleArn: "arn:aws:iam::111122223333:role/seawall", externalId: "external" },
    ...{ regions: ["eu-central-1", "us-east-1"], endpoints: { sts: "https://sts.example" }, maxAttempts: 2 },
  },
  gcp: {
    projectId: "my-project-1234",
    audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
    ...{ serviceAccountEmail: "seawall@my-project.iam.gserviceaccount.com", tokenUrl: "https://sts.example/token" },
  },
};

describe("the form", () => {
  it.each(Object.entries(STORED) as [Connectable, Settings][])(
    "of %s gives back every setting that it was filled with",
    (cloud, stored) => {
      const settings = CLOUD_FORMS[cloud].schema.parse(stored) as Settings;
      const parsed = parseConnection(cloud, readEntry(cloud, untouched(cloud, settings)));
      expect(parsed).toMatchObject({ ok: true, connection: { settings } });
    },
  );

  it("takes values of a list from boxes and from one line", () => {
    const form = formOf({ "settings.regions": ["eu-central-1", " us-east-1, eu-west-1;eu-central-1 "] });
    expect(readEntry("aws", form).settings.regions).toEqual(
      expect.arrayContaining(["eu-central-1", "us-east-1", "eu-west-1"]),
    );
  });

  it("leaves blank rows out, and tells what is wrong at the row as the form numbers it", () => {
    const form = formOf({
      "settings.arc.0.name": " ",
      "settings.arc.4.name": "yard",
      "settings.arc.4.server": "ftp://yard.example",
      "settings.arc.12.name": "depot",
      "secret.arc.4": "the token",
      "secret.arc.12": "depot-token",
      "settings.arc.x.name": "strange",
      "settings.arc.13.__proto__": "strange",
    });
    const entry = readEntry("azure", form);
    expect(entry.settings.arc).toEqual([{ name: "yard", server: "ftp://yard.example" }, { name: "depot" }]);
    expect(entry.secrets).toMatchObject({ "arcToken:yard": "the token", "arcToken:depot": "depot-token" });
    const parsed = parseConnection("azure", entry);
    expect(Object.keys(problemsInForm("azure", entry, parsed.ok ? {} : parsed.fields)).sort()).toEqual([
      "secret.arc.4",
      "settings.arc.12.caCertificate",
      "settings.arc.12.server",
      "settings.arc.4.caCertificate",
      "settings.arc.4.server",
      ...["clientId", "subscriptionId", "tenantId"].map((name) => `settings.${name}`),
    ]);
  });
});
