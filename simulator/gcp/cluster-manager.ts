import { faultStatus } from "../fault";
import type { FaultKind, SimCore } from "../model";
import { authorize, OPERATIONS, type WireOptions } from "./operations";
import { encodeAnswer, methods, type ProtoJson, SERVICE } from "./protos";
import { GoogleApiError, unauthenticated } from "./status";
import type { TokenBook } from "./token-book";

/** What a transport has to do with one call. */
export type Outcome =
  | { kind: "answer"; binary: Uint8Array; json: string }
  | { kind: "error"; error: GoogleApiError }
  | { kind: "fault"; fault: FaultKind; action: string; binary: Uint8Array; json: string };

/** Both transports end here: authentication, fault, authorisation, handler, check of the answer, request log. */
export function clusterManager(core: SimCore, tokens: TokenBook, options: WireOptions) {
  return (rpc: string, request: ProtoJson, authorization: string | undefined): Outcome => {
    const operation = OPERATIONS.get(rpc);
    const method = methods.get(rpc);
    const principal = tokens.fromHeader(authorization);
    const action = operation?.permission ?? `${SERVICE}/${rpc}`;
    const target = operation?.target(request) ?? "";
    const log = (status: number) =>
      core.log({ service: "gke", action, target, principal: principal?.name ?? "anonymous", status });
    const fail = (error: GoogleApiError): Outcome => {
      log(error.http);
      return { kind: "error", error };
    };

    if (operation === undefined || method === undefined) {
      return fail(new GoogleApiError("UNIMPLEMENTED", `${SERVICE}/${rpc} is not simulated`));
    }
    try {
      const fault = core.fault("gke", action, target);
      const change = fault === null ? undefined : operation.changed?.[fault];
      if (fault !== null && change === undefined && fault !== "repeat-page") {
        // Only `cut` needs an answer to cut; a stranger's is empty.
        const whole = fault === "cut" && principal !== null ? operation.answer(core, target, options) : {};
        log(faultStatus(fault));
        return { kind: "fault", fault, action, ...encodeAnswer(method, whole) };
      }
      if (principal === null) throw unauthenticated();
      authorize(principal, operation, target, options);
      const answer = operation.answer(core, target, options);
      const encoded = encodeAnswer(method, change?.(answer) ?? answer);
      log(200);
      return { kind: "answer", ...encoded };
    } catch (error) {
      if (error instanceof GoogleApiError) return fail(error);
      // An answer that the definitions refuse is a bug of the simulator and must not look like a cloud's answer.
      const message = `simulator: ${error instanceof Error ? error.message : String(error)}`;
      return fail(new GoogleApiError("UNIMPLEMENTED", message));
    }
  };
}
export type ClusterManager = ReturnType<typeof clusterManager>;
