import type { Addon } from "./addon";
import { type Place, seedOf } from "./objects";
import type { Template } from "./objects-pod-spec";
import { hex, random } from "./random";
import type { Care } from "./scenario-clusters";
import { cleanTraits, lastDeploy, type TraitChange, traitsOn } from "./scenario-traits";

export type AppKind = "Deployment" | "StatefulSet" | "DaemonSet" | "CronJob" | "Job" | "Pod";

/** One workload with what belongs to it: its pods, service, ingress, service account and secret. */
export interface App {
  kind: AppKind;
  namespace: string;
  name: string;
  team: string;
  care: Care;
  born: number;
  replicas: number;
  image: string;
  port?: number;
  host?: string;
  serviceType?: "ClusterIP" | "LoadBalancer";
  sidecar?: Template["sidecar"];
  init: boolean;
  story: readonly TraitChange[];
  /** What no team writes: a part of the cluster, or of a public chart. */
  addon?: Addon;
}

/** The CronJob's hour of day and its last start, in minutes from the anchor: whole numbers, so that equal runs are equal. */
export const lastRun = (place: Place, app: App): { hour: number; minute: number } => {
  const hour = random(seedOf(place, app.namespace, app.name, "schedule")).integer(0, 23);
  return { hour, minute: Math.floor((Math.round(place.day * 1440) - hour * 60) / 1440) * 1440 + hour * 60 };
};

/** Add-ons follow the version of their cluster. */
const lastRollOut = ({ plan }: Place, born: number, day: number): number =>
  Math.max(
    born,
    ...plan.changes.filter((change) => change.rolls === true && change.day <= day).map((change) => change.day),
  );

/** The workload's pod template on a day, and the day of the roll-out that brought it. */
export const templateAt = (place: Place, app: App, day: number): { template: Template; started: number } => {
  const seed = seedOf(place, app.namespace, app.name);
  const drawn =
    app.addon === undefined
      ? traitsOn(seed, app.care, app.born, day, app.story)
      : { traits: cleanTraits(), changed: lastRollOut(place, app.born, day) };
  const deploy =
    app.addon !== undefined || app.kind === "Job" || app.kind === "Pod"
      ? { day: app.born, number: 0 }
      : lastDeploy(seed, app.born, day);
  return {
    started: Math.max(drawn.changed, deploy.day),
    template: {
      namespace: app.namespace,
      app: app.name,
      team: app.team,
      care: app.care,
      replicas: app.kind === "Deployment" || app.kind === "StatefulSet" ? app.replicas : 1,
      serviceAccount: serviceAccountOf(app),
      image: app.image,
      release: deploy.number + (parseInt(hex(seed, 4), 16) % 97),
      traits: drawn.traits,
      init: app.init,
      ...(app.addon === undefined ? {} : { addon: app.addon }),
      restartPolicy: app.kind === "CronJob" || app.kind === "Job" ? "OnFailure" : "Always",
      ...(app.port === undefined ? {} : { port: app.port }),
      ...(app.sidecar === undefined ? {} : { sidecar: app.sidecar }),
    },
  };
};

export const serviceAccountOf = (app: App): string =>
  app.addon?.serviceAccount ?? (app.care === "bad" ? "default" : app.name);

/** Day of the workload's last change that is visible now: what its rendered objects depend on besides the plan. */
export const appVersion = (place: Place, app: App): string => {
  const { started } = templateAt(place, app, place.day);
  return app.kind === "CronJob" ? `${started}/${lastRun(place, app).minute}` : String(started);
};
