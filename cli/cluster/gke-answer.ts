import { createRequire } from "node:module";
import type { GkeCluster } from "@/connectors/gke/client";
import { describeCluster } from "@/connectors/gke/describe";
import { AnswerError, type AnswerReader, at, type Json } from "./answer";
import { shaped } from "./gke-shape";

async function loadApi() {
  // Loaded when needed: the description of the API is large, and the other commands do not need it.
  const [{ default: protobuf }, { fromProto3JSON }] = await Promise.all([
    import("protobufjs"),
    import("proto3-json-serializer"),
  ]);
  const root = protobuf.Root.fromJSON(
    createRequire(import.meta.url)("@google-cloud/container/build/protos/protos.json"),
  ).resolveAll();
  // `gcloud` prints these modes, which stand in the reference of v1beta1 only.
  const modes = root.lookupEnum("google.container.v1.BinaryAuthorization.EvaluationMode");
  modes.add("POLICY_BINDINGS", 5).add("POLICY_BINDINGS_AND_PROJECT_SINGLETON_POLICY_ENFORCE", 6);
  return { type: root.lookupType("google.container.v1.Cluster"), fromProto3JSON };
}
let api: ReturnType<typeof loadApi> | undefined;

/** The JSON of a v1 Cluster as Google's own client would read it: known fields of the documented types, enums by name. */
async function decoded(answer: Json): Promise<GkeCluster> {
  api ??= loadApi();
  const { type, fromProto3JSON } = await api;
  const known = shaped(type, answer);
  try {
    // The serializer's own types name another copy of protobufjs; it is the same library.
    const message = fromProto3JSON(type as Parameters<typeof fromProto3JSON>[0], known as never);
    if (message === null) throw new AnswerError("it holds nothing.");
    // Without defaults: a list that the answer does not hold is not an empty one.
    return type.toObject(message, { longs: String, enums: String });
  } catch (error) {
    if (error instanceof AnswerError) throw error;
    const said = error instanceof Error ? error.message.replace(/^\w+: /, "") : String(error);
    throw new AnswerError(`${said}.`, { cause: error });
  }
}

export const GKE_ANSWER: AnswerReader = {
  wanted: "the answer of gcloud container clusters describe --format json, or a v1 Cluster",
  isOne(answer) {
    const link = at(answer, "selfLink");
    if (typeof link === "string") return /\/\/container\.[^/]+\/v1\w*\/projects\//.test(link);
    return ["currentMasterVersion", "initialClusterVersion", "nodeIpv4CidrSize"].some((key) =>
      Object.hasOwn(answer, key),
    );
  },
  read: async (answer) => describeCluster(await decoded(answer)),
};
