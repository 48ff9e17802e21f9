import * as ec2 from "@aws-sdk/client-ec2";
import * as eks from "@aws-sdk/client-eks";
import * as sts from "@aws-sdk/client-sts";
import { NormalizedSchema } from "@smithy/core/schema";

export type AwsService = "eks" | "sts" | "ec2";
export type AwsProtocol = "rest-json" | "query" | "ec2-query";

/** One operation as the SDK's own Smithy schema describes it. */
export interface Operation {
  service: AwsService;
  name: string;
  input: NormalizedSchema;
  output: NormalizedSchema;
  /** Only for rest-json: method, path pattern with named groups. */
  http?: { method: string; path: RegExp };
}

export const PROTOCOLS: Record<AwsService, { protocol: AwsProtocol; namespace: string }> = {
  eks: { protocol: "rest-json", namespace: "" },
  sts: { protocol: "query", namespace: "https://sts.amazonaws.com/doc/2011-06-15/" },
  ec2: { protocol: "ec2-query", namespace: "http://ec2.amazonaws.com/doc/2016-11-15/" },
};

/** The tag that marks an operation among the schemas which a client package exports: [9, namespace, name, traits, input, output]. */
const OPERATION_TAG = 9;

const httpOf = (traits: unknown): Operation["http"] => {
  if (typeof traits !== "object" || traits === null || !("http" in traits) || !Array.isArray(traits.http)) {
    return undefined;
  }
  const [method, template] = traits.http;
  const path = String(template).split("?")[0] ?? "";
  const pattern = path.replace(/\{(\w+)\+?\}/g, (_match, name: string) => `(?<${name}>[^/]+)`);
  return { method: String(method), path: new RegExp(`^${pattern}/?$`) };
};

const operationsOf = (service: AwsService, module: object): Map<string, Operation> => {
  const operations = new Map<string, Operation>();
  for (const schema of Object.values(module)) {
    if (!Array.isArray(schema) || schema[0] !== OPERATION_TAG) continue;
    const [, , name, traits, input, output] = schema;
    const http = httpOf(traits);
    operations.set(String(name), {
      service,
      name: String(name),
      input: NormalizedSchema.of(input),
      output: NormalizedSchema.of(output),
      ...(http ? { http } : {}),
    });
  }
  return operations;
};

const OPERATIONS: Record<AwsService, Map<string, Operation>> = {
  eks: operationsOf("eks", eks),
  sts: operationsOf("sts", sts),
  ec2: operationsOf("ec2", ec2),
};

export const isService = (name: string): name is AwsService => Object.hasOwn(OPERATIONS, name);

/** Finds a restJson operation by method and path, with its path labels decoded. */
export function restOperation(
  service: AwsService,
  method: string,
  path: string,
): { operation: Operation; labels: Record<string, string> } | null {
  for (const operation of OPERATIONS[service].values()) {
    if (operation.http?.method !== method) continue;
    const match = operation.http.path.exec(path);
    if (!match) continue;
    const labels = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
    return { operation, labels: Object.fromEntries(labels) };
  }
  return null;
}

/** Finds a query operation by its `Action`. */
export const queryOperation = (service: AwsService, action: string): Operation | null =>
  OPERATIONS[service].get(action) ?? null;
