import type { IncomingMessage } from "node:http";
import { AwsFailure } from "./failure";
import { type AwsService, isService, type Operation, PROTOCOLS, queryOperation, restOperation } from "./operations";
import { parseAuthorization } from "./signature";

const MAX_BODY = 1024 * 1024;

export interface ParsedRequest {
  url: URL;
  body: Buffer;
  service: AwsService;
  operation: Operation;
  input: Record<string, unknown>;
  /** Absent only for an operation that takes no signature. */
  authorization: ReturnType<typeof parseAuthorization>;
}

export async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req) {
    size += chunk.length;
    if (size > MAX_BODY) throw new AwsFailure(413, "RequestEntityTooLarge", "The request is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const scalar = (schema: Operation["input"], text: string): unknown =>
  schema.isNumericSchema() ? Number(text) : schema.isBooleanSchema() ? text === "true" : text;

type Members = ReturnType<Operation["input"]["getMemberSchemas"]>;

/** The list that a form writes under another name: `SubnetId.1` for `SubnetIds`. */
const listMember = (members: Members, written: string): string | undefined =>
  Object.entries(members).find(([name, member]) => {
    const { xmlName, ec2QueryName } = member.getMergedTraits();
    return member.isListSchema() && [name, xmlName, ec2QueryName].includes(written);
  })?.[0];

function formInput(operation: Operation, form: URLSearchParams): Record<string, unknown> {
  const members = operation.input.getMemberSchemas();
  const input: Record<string, unknown> = {};
  for (const [name, text] of form) {
    if (name === "Action" || name === "Version") continue;
    const member = members[name];
    const [, listed] = /^(\w+)\.\d+$/.exec(name) ?? [];
    const list = listed === undefined ? undefined : listMember(members, listed);
    if (list !== undefined) {
      input[list] = [...(Array.isArray(input[list]) ? input[list] : []), text];
      continue;
    }
    if (!member)
      throw new AwsFailure(501, "NotImplemented", `Parameter ${name} of ${operation.name} is not simulated.`);
    input[name] = scalar(member, text);
  }
  return input;
}

function restInput(operation: Operation, labels: Record<string, string>, url: URL): Record<string, unknown> {
  const input: Record<string, unknown> = { ...labels };
  const known = new Set<string>();
  for (const [name, member] of Object.entries(operation.input.getMemberSchemas())) {
    const parameter = member.getMergedTraits().httpQuery;
    if (typeof parameter !== "string") continue;
    known.add(parameter);
    const values = url.searchParams.getAll(parameter);
    if (values.length > 0) input[name] = member.isListSchema() ? values : scalar(member, values[0] ?? "");
  }
  const unknown = [...url.searchParams.keys()].find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new AwsFailure(501, "NotImplemented", `Query parameter ${unknown} of ${operation.name} is not simulated.`);
  }
  return input;
}

/** Which service a request is for: its signature's scope, or STS when it has none. */
export const serviceOf = (authorization: ReturnType<typeof parseAuthorization>): AwsService | null => {
  const name = authorization?.scope.service ?? "sts";
  return isService(name) ? name : null;
};

/** Routes a request by the SDK's schemas and reads its input. Throws AwsFailure for an operation that no schema knows. */
export function parseRequest(req: IncomingMessage, body: Buffer): ParsedRequest {
  const authorization = parseAuthorization(req.headers.authorization);
  const service = serviceOf(authorization);
  if (!service) throw new AwsFailure(501, "NotImplemented", "This service is not simulated.");
  const url = new URL(req.url ?? "/", "http://simulator");
  if (PROTOCOLS[service].protocol === "rest-json") {
    const found = restOperation(service, req.method ?? "GET", url.pathname);
    if (!found) throw new AwsFailure(501, "UnknownOperationException", `${req.method} ${url.pathname} is unknown.`);
    if (body.length > 0) throw new AwsFailure(501, "NotImplemented", "Request bodies are not simulated here.");
    const input = restInput(found.operation, found.labels, url);
    return { url, body, service, operation: found.operation, input, authorization };
  }
  const form = new URLSearchParams(body.toString("utf8"));
  const action = form.get("Action") ?? "";
  const operation = queryOperation(service, action);
  if (!operation) throw new AwsFailure(501, "InvalidAction", `The action ${action} is not valid for this endpoint.`);
  return { url, body, service, operation, input: formInput(operation, form), authorization };
}
