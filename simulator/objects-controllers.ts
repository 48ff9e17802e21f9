import { type Json, type KubeObject, type Place, type Rendered, render, seedOf, timestamp } from "./objects";
import { type App, lastRun, templateAt } from "./objects-app";
import { nodeNames } from "./objects-node";
import { pod } from "./objects-pod";
import { podLabels, podSpec, type Template } from "./objects-pod-spec";
import { hex, random } from "./random";

/** The workload itself with its ReplicaSets, Jobs and Pods. */
export const owned = (place: Place, app: App, template: Template, started: number): Rendered[] => {
  const { namespace, name, replicas } = app;
  const labels = podLabels(template);
  const selector = { matchLabels: labels };
  const podTemplate = { metadata: { labels }, spec: podSpec(template) };
  const at = timestamp(place, started);
  const generation = 1 + (template.release % 40);
  // Nobody keeps a chart of what a careless team applies by hand.
  const manager = app.addon?.manager ?? (app.care === "bad" ? "kubectl-client-side-apply" : "helm");
  const common = {
    namespace,
    name,
    created: app.born,
    changed: started,
    labels: app.addon?.labels ?? labels,
    generation,
    manager,
    annotations:
      manager === "helm" ? { "meta.helm.sh/release-name": name, "meta.helm.sh/release-namespace": namespace } : {},
  };
  switch (app.kind) {
    case "Deployment": {
      const deployment = render(place, {
        ...common,
        apiVersion: "apps/v1",
        kind: "Deployment",
        resource: "deployments",
        annotations: { ...common.annotations, "deployment.kubernetes.io/revision": String(generation) },
        body: {
          spec: {
            replicas,
            selector,
            template: podTemplate,
            strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
            revisionHistoryLimit: 2,
            progressDeadlineSeconds: 600,
          },
          status: {
            observedGeneration: generation,
            replicas,
            updatedReplicas: replicas,
            readyReplicas: replicas,
            availableReplicas: replicas,
            conditions: [
              {
                type: "Available",
                status: "True",
                lastUpdateTime: at,
                lastTransitionTime: at,
                reason: "MinimumReplicasAvailable",
              },
            ],
          },
        },
      });
      const hash = hex(seedOf(place, namespace, name, String(started)), 10);
      const hashed = { "pod-template-hash": hash };
      const set = render(place, {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        resource: "replicasets",
        namespace,
        name: `${name}-${hash}`,
        created: started,
        labels: { ...labels, ...hashed },
        owner: deployment.object,
        generation: 1,
        manager: "kube-controller-manager",
        body: {
          spec: {
            replicas,
            selector: { matchLabels: { ...labels, ...hashed } },
            template: { ...podTemplate, metadata: { labels: { ...labels, ...hashed } } },
          },
          status: {
            replicas,
            fullyLabeledReplicas: replicas,
            readyReplicas: replicas,
            availableReplicas: replicas,
            observedGeneration: 1,
          },
        },
      });
      return [
        deployment,
        set,
        ...pods(place, template, started, set.object, replicas, (rng) => `${name}-${hash}-${rng.suffix(5)}`, hashed),
      ];
    }
    case "StatefulSet": {
      const owner = render(place, {
        ...common,
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        resource: "statefulsets",
        body: {
          spec: {
            serviceName: name,
            replicas,
            selector,
            template: podTemplate,
            podManagementPolicy: "OrderedReady",
            updateStrategy: { type: "RollingUpdate" },
            revisionHistoryLimit: 10,
          },
          status: {
            observedGeneration: generation,
            replicas,
            readyReplicas: replicas,
            currentReplicas: replicas,
            updatedReplicas: replicas,
            availableReplicas: replicas,
          },
        },
      });
      return [owner, ...pods(place, template, started, owner.object, replicas, (_, index) => `${name}-${index}`)];
    }
    case "DaemonSet": {
      const count = nodeNames(place).length;
      const owner = render(place, {
        ...common,
        apiVersion: "apps/v1",
        kind: "DaemonSet",
        resource: "daemonsets",
        body: {
          spec: {
            selector,
            template: podTemplate,
            updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
            revisionHistoryLimit: 10,
          },
          status: {
            currentNumberScheduled: count,
            desiredNumberScheduled: count,
            numberReady: count,
            numberAvailable: count,
            numberMisscheduled: 0,
            observedGeneration: generation,
          },
        },
      });
      return [
        owner,
        ...pods(place, template, started, owner.object, count, (rng) => `${name}-${rng.suffix(5)}`, undefined, true),
      ];
    }
    case "CronJob":
      return cronJob(place, app, started, podTemplate, common);
    case "Job": {
      const owner = render(place, {
        ...common,
        apiVersion: "batch/v1",
        kind: "Job",
        resource: "jobs",
        created: started,
        body: jobBody(place, app.care, podTemplate, started),
      });
      return [
        owner,
        ...pods(place, template, started, owner.object, 1, (rng) => `${name}-${rng.suffix(5)}`, undefined, false, true),
      ];
    }
    case "Pod":
      return [pod(place, { template, name, started })];
  }
};

/** What teams say of the end of a Job, and of what becomes of it then. */
const DEADLINES: Record<App["care"], Json> = {
  good: { activeDeadlineSeconds: 3600, ttlSecondsAfterFinished: 172_800 },
  middling: { activeDeadlineSeconds: 7200 },
  bad: {},
};

const jobBody = (place: Place, care: App["care"], podTemplate: Json, started: number): Json => ({
  spec: {
    ...DEADLINES[care],
    parallelism: 1,
    completions: 1,
    backoffLimit: 3,
    completionMode: "NonIndexed",
    suspend: false,
    template: podTemplate,
  },
  status: {
    succeeded: 1,
    ready: 0,
    startTime: timestamp(place, started),
    completionTime: timestamp(place, started + 0.0004),
    conditions: [{ type: "Complete", status: "True", lastTransitionTime: timestamp(place, started + 0.0004) }],
  },
});

/** A daily CronJob with its last two finished runs. */
const cronJob = (
  place: Place,
  app: App,
  started: number,
  podTemplate: Json,
  common: Omit<Parameters<typeof render>[1], "apiVersion" | "kind" | "resource" | "body">,
): Rendered[] => {
  const { hour, minute } = lastRun(place, app);
  const last = minute / 1440;
  const ran = last >= app.born;
  const owner = render(place, {
    ...common,
    apiVersion: "batch/v1",
    kind: "CronJob",
    resource: "cronjobs",
    // Once moved here from an older cluster by hand, and since then only patched.
    ...(app.team === "logistics" ? { writtenBefore: "batch/v1beta1" } : {}),
    changed: ran ? Math.max(started, last) : started,
    body: {
      spec: {
        schedule: `0 ${hour} * * *`,
        concurrencyPolicy: "Forbid",
        suspend: false,
        successfulJobsHistoryLimit: 2,
        failedJobsHistoryLimit: 1,
        jobTemplate: { metadata: {}, spec: { ...DEADLINES[app.care], template: podTemplate } },
      },
      status: ran
        ? { lastScheduleTime: timestamp(place, last), lastSuccessfulTime: timestamp(place, last + 0.0004) }
        : {},
    },
  });
  return [minute - 1440, minute]
    .map((run) => run / 1440)
    .filter((run) => run >= app.born)
    .flatMap((run) => {
      // A run keeps the template that was current when it started.
      const then = templateAt(place, app, run).template;
      const minutes = Math.round(place.world.anchor.getTime() / 60_000 + run * 1440);
      const job = render(place, {
        apiVersion: "batch/v1",
        kind: "Job",
        resource: "jobs",
        namespace: app.namespace,
        name: `${app.name}-${minutes}`,
        created: run,
        labels: podLabels(then),
        owner: owner.object,
        manager: "kube-controller-manager",
        body: jobBody(place, app.care, { metadata: { labels: podLabels(then) }, spec: podSpec(then) }, run),
      });
      return [
        job,
        ...pods(
          place,
          then,
          run,
          job.object,
          1,
          (rng) => `${app.name}-${minutes}-${rng.suffix(5)}`,
          undefined,
          false,
          true,
        ),
      ];
    })
    .concat(owner);
};

const pods = (
  place: Place,
  template: Template,
  started: number,
  owner: KubeObject,
  count: number,
  name: (rng: ReturnType<typeof random>, index: number) => string,
  labels?: Record<string, string>,
  spread = false,
  finished = false,
): Rendered[] =>
  Array.from({ length: count }, (_, index) => {
    const rng = random(seedOf(place, template.namespace, owner.metadata.name, String(started), String(index)));
    return pod(place, {
      template,
      started,
      owner,
      finished,
      name: name(rng, index),
      ...(labels === undefined ? {} : { labels }),
      ...(spread ? { node: index } : {}),
    });
  });
