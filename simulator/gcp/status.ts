/** The codes of google.rpc.Code that this wire uses, with the HTTP status each has over REST. */
export const RPC = {
  INVALID_ARGUMENT: { code: 3, http: 400 },
  NOT_FOUND: { code: 5, http: 404 },
  PERMISSION_DENIED: { code: 7, http: 403 },
  RESOURCE_EXHAUSTED: { code: 8, http: 429 },
  UNIMPLEMENTED: { code: 12, http: 501 },
  INTERNAL: { code: 13, http: 500 },
  UNAUTHENTICATED: { code: 16, http: 401 },
} as const;
export type RpcStatus = keyof typeof RPC;

/** One packed detail of a google.rpc.Status, in proto JSON with its `@type`. */
export type StatusDetail = { "@type": string } & Record<string, unknown>;

/** An error as a Google API answers it, over either transport. */
export class GoogleApiError extends Error {
  constructor(
    readonly status: RpcStatus,
    message: string,
    readonly details: StatusDetail[] = [],
  ) {
    super(message);
  }
  get http(): number {
    return RPC[this.status].http;
  }
  /** The REST body. */
  body(): string {
    return JSON.stringify({
      error: {
        code: this.http,
        message: this.message,
        status: this.status,
        ...(this.details.length === 0 ? {} : { details: this.details }),
      },
    });
  }
}

/** The error an injected fault stands for; `seconds` is what the server asks a throttled client to wait. */
export function faultError(http: number, action: string, seconds: number): GoogleApiError {
  switch (http) {
    case 401:
      return unauthenticated();
    case 403:
      return denied(action, "the project");
    case 404:
      return new GoogleApiError("NOT_FOUND", "Requested entity was not found.");
    case 429:
      return new GoogleApiError("RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Read requests'.", [
        { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${seconds}s` },
      ]);
    default:
      return new GoogleApiError("INTERNAL", "Internal error encountered.");
  }
}

export const unauthenticated = (): GoogleApiError =>
  new GoogleApiError(
    "UNAUTHENTICATED",
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
  );

export const denied = (permission: string, resource: string): GoogleApiError =>
  new GoogleApiError("PERMISSION_DENIED", `Required "${permission}" permission(s) for "${resource}".`, [
    {
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "IAM_PERMISSION_DENIED",
      domain: "container.googleapis.com",
      metadata: { permission },
    },
  ]);
