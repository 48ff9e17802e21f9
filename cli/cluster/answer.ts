import type { Distribution, ManagedCluster } from "@/domain/inventory/schema";

/** A cloud's answer about one cluster, as JSON. None of it is trusted. */
export type Json = Readonly<Record<string, unknown>>;

/** The answer can't be used: it is another cloud's, or not of the shape that the cloud documents. */
export class AnswerError extends Error {
  override name = "AnswerError";
}

/** How the answer of a distribution is recognised and read. */
export interface AnswerReader {
  /** What to give, for people. */
  wanted: string;
  isOne: (answer: Json) => boolean;
  /** Throws AnswerError. */
  read: (answer: Json) => ManagedCluster | Promise<ManagedCluster>;
}

export type AnswerReaders = Readonly<Record<Distribution, AnswerReader>>;

export const isMap = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
/** An own member of an answer. */
export const at = (value: unknown, key: string): unknown =>
  isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined;
