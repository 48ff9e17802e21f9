import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import { applyFault, faultStatus } from "../fault";
import type { FaultKind, SimAccount, SimConnection, SimCore, SimWire } from "../model";
import { assumeWithWebIdentity, EC2_HANDLERS, stsHandlers } from "./account-handlers";
import { authenticate } from "./authenticate";
import { conform } from "./conform";
import { connectionOf } from "./connection";
import { type Call, EKS_HANDLERS } from "./eks-handlers";
import { AwsFailure, faultCode } from "./failure";
import { HUB, Identities, type Principal } from "./identity";
import type { AwsService, Operation } from "./operations";
import { type ParsedRequest, parseRequest, readBody, serviceOf } from "./request";
import { parseAuthorization } from "./signature";
import { eksTokenVerifier } from "./token";
import { WebIdentityIssuer } from "./web-identity";
import { errorAnswer, resultAnswer, type WireAnswer } from "./wire-format";

export interface AwsWire extends SimWire {
  /** The keys and sessions that exist. */
  identities: Identities;
  /** What a person would enter to connect this account. */
  connection(account: SimAccount): SimConnection;
  /** A token that AssumeRoleWithWebIdentity accepts for the hub's role, for a worker that has no key. */
  webIdentity(): { token: string; roleArn: string };
}

const NO_SIGNATURE = new Set(["AssumeRoleWithWebIdentity"]);

/** `account/region/cluster/part`: what a fault's `target` is looked for in. */
const targetOf = (principal: Principal | null, region: string, input: Record<string, unknown>): string =>
  [
    principal?.accountId ?? "",
    region,
    input.RoleArn ?? input.name ?? input.clusterName,
    input.nodegroupName ?? input.addonName,
  ]
    .filter((part) => part !== undefined)
    .join("/");

class Listener {
  readonly identities = new Identities();
  readonly issuer = new WebIdentityIssuer();
  readonly #handlers: Record<AwsService, Record<string, (call: Call) => object>>;

  constructor(readonly core: SimCore) {
    this.#handlers = { eks: EKS_HANDLERS, sts: stsHandlers(this.identities), ec2: EC2_HANDLERS };
  }

  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const send = (status: number, answer: WireAnswer): void => {
      res.writeHead(status, {
        "content-type": answer.contentType,
        "content-length": Buffer.byteLength(answer.body),
        "x-amzn-requestid": requestId,
        ...answer.headers,
      });
      res.end(answer.body);
    };
    let target = req.url ?? "";
    let principal: Principal | null = null;
    let service = serviceOf(parseAuthorization(req.headers.authorization)) ?? "sts";
    let action = `${service}:unknown`;
    const log = (status: number): void =>
      this.core.log({ service, action, target, principal: principal?.arn ?? "anonymous", status });
    try {
      const request = parseRequest(req, await readBody(req));
      service = request.service;
      action = `${service}:${request.operation.name}`;
      const region = request.authorization?.scope.region ?? "";
      principal = this.#principal(req, request);
      target = targetOf(principal, region, request.input);
      const fault = this.core.fault(service, action, target);
      if (fault === "401")
        throw new AwsFailure(service === "ec2" ? 401 : 403, faultCode(service, 401), "Injected fault.");
      const result = (): WireAnswer => this.#result(request, principal, fault, requestId);
      if (fault === "reset") {
        log(0);
        // A TLS socket cannot send an RST by itself; closing it in the middle of the exchange is what a client sees of one.
        req.socket.destroy();
        return;
      }
      const changes = fault === "repeat-page" || (fault === "filtered" && action === "eks:ListClusters");
      if (fault !== null && !changes) {
        log(faultStatus(fault));
        applyFault(fault, req, res, faultOptions(service, fault, requestId, result));
        return;
      }
      send(200, result());
      log(200);
    } catch (error) {
      const failure =
        error instanceof AwsFailure ? error : new AwsFailure(500, "InternalFailure", `simulator: ${String(error)}`);
      if (failure !== error) console.error("aws simulator:", action, error);
      log(failure.status);
      send(failure.status, errorAnswer(service, failure, requestId));
    }
  }

  #principal(req: IncomingMessage, request: ParsedRequest): Principal | null {
    if (request.authorization) {
      const { method = "GET", headers } = req;
      const signed = { method, headers, url: request.url, body: request.body };
      return authenticate(signed, request.authorization, request.service, this.identities);
    }
    if (NO_SIGNATURE.has(request.operation.name)) return null;
    throw new AwsFailure(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
  }

  #result(request: ParsedRequest, principal: Principal | null, fault: FaultKind | null, requestId: string): WireAnswer {
    const { service, operation, input } = request;
    const answer = principal
      ? this.#answer(request, principal, fault)
      : assumeWithWebIdentity(input, this.identities, this.issuer);
    return checked(service, operation, answer, requestId);
  }

  #answer(request: ParsedRequest, principal: Principal, fault: FaultKind | null): object {
    const { service, operation, input, authorization } = request;
    const handler = this.#handlers[service][operation.name];
    if (!handler) throw new AwsFailure(501, "NotImplemented", `${service}:${operation.name} is not simulated.`);
    const region = authorization?.scope.region ?? "";
    const faults = { repeatPage: fault === "repeat-page", filtered: fault === "filtered" };
    return handler({ core: this.core, principal, region, input, ...faults });
  }
}

function checked(_service: AwsService, operation: Operation, answer: object, requestId: string): WireAnswer {
  conform(operation.output, answer);
  return resultAnswer(operation, answer, requestId);
}

const faultOptions = (service: AwsService, kind: FaultKind, requestId: string, result: () => WireAnswer) => ({
  errorBody: (status: number) => {
    const answer = errorAnswer(
      service,
      { status, code: faultCode(service, status), message: "Injected fault." },
      requestId,
    );
    return { contentType: answer.contentType, body: answer.body, headers: answer.headers ?? {} };
  },
  ...(kind === "cut" ? { completeBody: result().body } : {}),
  retryAfterSeconds: 1,
});

/** Starts the AWS endpoints: STS, EKS and EC2 of every region behind one https address; the signature's scope tells them apart. */
export const start = async (core: SimCore): Promise<AwsWire> => {
  const listener = new Listener(core);
  const server = createServer({ key: core.tls.key, cert: core.tls.cert }, (req, res) => {
    listener.handle(req, res).catch((error: unknown) => {
      console.error("aws simulator:", error);
      res.destroy();
    });
  });
  const port = await core.listen(server, "aws");
  core.registerTokenVerifier("eks", eksTokenVerifier(listener.identities));
  const endpoint = `https://127.0.0.1:${port}`;
  return {
    identities: listener.identities,
    endpoints: { sts: endpoint, eks: endpoint, ec2: endpoint },
    connection: (account) => connectionOf(core, account, endpoint),
    webIdentity: () => ({ token: listener.issuer.mint("system:serviceaccount:seawall:worker"), roleArn: HUB.roleArn }),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
