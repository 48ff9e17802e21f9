import type { Addon, AddonPlace } from "./addon";
import { aksAddons } from "./addons-aks";
import { arcAddons, arcAgents } from "./addons-arc";
import { chartAddons } from "./addons-charts";
import { eksAddons } from "./addons-eks";
import { gkeAddons } from "./addons-gke";
import type { SimDistribution } from "./model";
import type { Place } from "./objects";
import type { App } from "./objects-app";

const OF: Record<SimDistribution, (place: AddonPlace) => Addon[]> = {
  aks: aksAddons,
  eks: eksAddons,
  gke: gkeAddons,
  arc: arcAddons,
};

/** The workloads that a cluster carries besides those of its teams: its cloud's, and those of the platform team's charts. */
export function systemApps(place: Place): App[] {
  const { distribution, version, region, controlPlane: plane, alsoArcIn } = place.cluster;
  const addons = [
    ...chartAddons({ distribution, version, region, plane }),
    ...OF[distribution]({ distribution, version, region, plane }),
    ...(alsoArcIn === undefined ? [] : arcAgents()),
  ];
  return addons.map(
    (addon): App => ({
      kind: addon.kind,
      namespace: addon.namespace,
      name: addon.name,
      team: "platform",
      care: plane.care,
      born: place.born + 0.01,
      replicas: addon.replicas ?? 1,
      image: "",
      init: false,
      story: [],
      addon,
      ...(addon.port === undefined ? {} : { port: addon.port }),
      ...(addon.serviceType === undefined ? {} : { serviceType: addon.serviceType }),
    }),
  );
}
