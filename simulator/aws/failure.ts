import type { AwsService } from "./operations";

/** What AWS would answer instead of a result: an HTTP status and its own error code. */
export class AwsFailure extends Error {
  override name = "AwsFailure";
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Error codes of the injected faults, as each service spells them. EC2 alone answers a bad credential with 401. */
const CODES: Record<AwsService, Record<number, string>> = {
  eks: {
    401: "UnrecognizedClientException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    429: "TooManyRequestsException",
    500: "ServerException",
  },
  sts: {
    401: "InvalidClientTokenId",
    403: "AccessDenied",
    404: "NoSuchEntity",
    429: "Throttling",
    500: "InternalFailure",
  },
  ec2: {
    401: "AuthFailure",
    403: "UnauthorizedOperation",
    404: "InvalidRegion.NotFound",
    429: "RequestLimitExceeded",
    500: "InternalError",
  },
};

export const faultCode = (service: AwsService, status: number): string => CODES[service][status] ?? "InternalFailure";

export const badCredential = (service: AwsService): AwsFailure =>
  new AwsFailure(
    service === "ec2" ? 401 : 403,
    faultCode(service, 401),
    "The security token included in the request is invalid.",
  );
