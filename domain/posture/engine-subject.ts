import { at, podPath, podSpecPath } from "./engine-place";
import { type Bindings, Walks } from "./engine-walk";
import type { Subject } from "./schema";

/** A subject as controls read it. Many judge it one after another: what they share of it is made once; it must not change meanwhile. */
export class Bound {
  readonly subject: Subject;
  /** Facts of its cluster; of a cluster, the cluster itself. */
  readonly cluster: unknown;
  /** What a control without a loop sees. */
  readonly own: Bindings;
  readonly walks: Walks;

  /** `subject`: as `readable` gives it. */
  constructor(subject: Subject, cluster: unknown) {
    const { kind } = subject.object;
    const isWorkload = subject.appliesTo === "Workload";
    this.subject = subject;
    this.cluster = subject.appliesTo === "ManagedCluster" ? subject.object : (cluster ?? NONE);
    this.own = {
      object: subject.object,
      // The pod, or the template of pods: what holds the specification, with the metadata that pods get.
      pod: at(subject.object, isWorkload ? podPath(kind) : ""),
      spec: at(subject.object, isWorkload ? podSpecPath(kind) : "spec"),
      facts: subject.facts,
      cluster: this.cluster,
      params: undefined,
    };
    this.walks = new Walks(subject, this.own);
  }
}

const NONE = {};
