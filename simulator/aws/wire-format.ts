import { JsonCodec2, XmlShapeSerializer } from "@aws-sdk/core/protocols";
import type { AwsFailure } from "./failure";
import { type AwsService, type Operation, PROTOCOLS } from "./operations";

export interface WireAnswer {
  contentType: string;
  body: string;
  headers?: Record<string, string>;
}

const EPOCH_SECONDS = 7;
const DATE_TIME = 5;
const json = new JsonCodec2({ timestampFormat: { useTrait: true, default: EPOCH_SECONDS }, jsonName: true });

const textOf = (flushed: string | Uint8Array): string =>
  typeof flushed === "string" ? flushed : new TextDecoder().decode(flushed);

const escapeXml = (text: string): string =>
  text.replace(/[&<>]/g, (char) => (char === "&" ? "&amp;" : char === "<" ? "&lt;" : "&gt;"));

/** Members of a result as XML, without the shape's own element: the protocol supplies the wrapper. */
function innerXml(operation: Operation, result: object): string {
  const serializer = new XmlShapeSerializer({
    timestampFormat: { useTrait: true, default: DATE_TIME },
    httpBindings: false,
    xmlNamespace: PROTOCOLS[operation.service].namespace,
    serviceNamespace: operation.service,
  });
  serializer.write(operation.output, result);
  return textOf(serializer.flush())
    .replace(/^<[^>]*\/>$/, "")
    .replace(/^<[^>]*>/, "")
    .replace(/<\/[^>]+>$/, "");
}

/** Writes a result with the SDK's own codecs, in the protocol of the service. */
export function resultAnswer(operation: Operation, result: object, requestId: string): WireAnswer {
  const { protocol, namespace } = PROTOCOLS[operation.service];
  if (protocol === "rest-json") {
    const serializer = json.createSerializer();
    serializer.write(operation.output, result);
    return { contentType: "application/json", body: textOf(serializer.flush()) };
  }
  const inner = innerXml(operation, result);
  const body =
    protocol === "query"
      ? `<${operation.name}Response xmlns="${namespace}"><${operation.name}Result>${inner}</${operation.name}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation.name}Response>`
      : `<?xml version="1.0" encoding="UTF-8"?><${operation.name}Response xmlns="${namespace}"><requestId>${requestId}</requestId>${inner}</${operation.name}Response>`;
  return { contentType: "text/xml;charset=UTF-8", body };
}

/** Writes an error in the shape of the service's protocol. */
export function errorAnswer(
  service: AwsService,
  failure: Pick<AwsFailure, "status" | "code" | "message">,
  requestId: string,
): WireAnswer {
  const { protocol, namespace } = PROTOCOLS[service];
  if (protocol === "rest-json") {
    const body = JSON.stringify({ message: failure.message });
    return { contentType: "application/json", body, headers: { "x-amzn-errortype": failure.code } };
  }
  const error = `<Code>${escapeXml(failure.code)}</Code><Message>${escapeXml(failure.message)}</Message>`;
  const type = failure.status < 500 ? "Sender" : "Receiver";
  const body =
    protocol === "query"
      ? `<ErrorResponse xmlns="${namespace}"><Error><Type>${type}</Type>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`
      : `<?xml version="1.0" encoding="UTF-8"?><Response><Errors><Error>${error}</Error></Errors><RequestID>${requestId}</RequestID></Response>`;
  return { contentType: "text/xml;charset=UTF-8", body };
}
