import { expect, test } from "vitest";
import { SETTINGS } from "@/lib/settings";
import { processEnv, systemEnv } from "./process-env";

const EVERYTHING = {
  ...Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, "x"])),
  PATH: "/bin",
  TZ: "UTC",
  AWS_ROLE_ARN: "arn:aws:iam::1:role/worker",
  GITHUB_TOKEN: "ghp_secret",
  PGPASSWORD: "secret",
  SEAWALL_OF_TOMORROW: "x",
};

test("a program that needs no setting gets none", () => {
  expect(systemEnv(EVERYTHING)).toEqual({ PATH: "/bin", TZ: "UTC", NODE_ENV: "production" });
});

test("the console signs sessions but has no cloud identity; the worker the other way round", () => {
  const web = Object.keys(processEnv("web", EVERYTHING));
  const worker = Object.keys(processEnv("worker", EVERYTHING));
  for (const both of ["PATH", "DATABASE_URL", "SEAWALL_KEY", "SEAWALL_DATA_DIR", "NODE_ENV"]) {
    expect(web).toContain(both);
    expect(worker).toContain(both);
  }
  expect(worker).toEqual(expect.arrayContaining(["AWS_ROLE_ARN", "AZURE_FEDERATED_TOKEN_FILE"]));
  expect(worker).not.toContain("SEAWALL_SESSION_SECRET");
  expect(web).toContain("SEAWALL_SESSION_SECRET");
  expect(web).not.toContain("AWS_ROLE_ARN");
  expect(web).not.toContain("AZURE_FEDERATED_TOKEN_FILE");
});

test("neither gets what no setting names, nor what only tests and the demo read", () => {
  for (const reader of ["web", "worker"] as const) {
    const given = Object.keys(processEnv(reader, EVERYTHING));
    for (const foreign of ["GITHUB_TOKEN", "PGPASSWORD", "SEAWALL_OF_TOMORROW", "SEAWALL_TEST_DATABASE_URL"])
      expect(given).not.toContain(foreign);
  }
});
