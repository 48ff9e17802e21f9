import type { Place } from "./objects";
import { seedOf } from "./objects";
import type { App, AppKind } from "./objects-app";
import { random } from "./random";
import type { Care } from "./scenario-clusters";
import type { Tenancy } from "./scenario-teams";

const COMPONENTS: readonly [string, AppKind, image: string, port?: number][] = [
  ["api", "Deployment", "api", 8080],
  ["worker", "Deployment", "worker"],
  ["web", "Deployment", "web", 3000],
  ["consumer", "Deployment", "consumer"],
  ["cache", "StatefulSet", "redis", 6379],
  ["gateway", "Deployment", "gateway", 8443],
  ["db", "StatefulSet", "postgres", 5432],
  ["report", "CronJob", "report"],
  ["indexer", "Deployment", "indexer", 9000],
  ["cleanup", "CronJob", "cleanup"],
  ["projector", "Deployment", "projector"],
  ["admin", "Deployment", "admin", 8000],
  ["queue", "StatefulSet", "rabbitmq", 5672],
  ["migration", "Job", "migrate"],
  ["stream", "Deployment", "stream", 9092],
  ["backup", "CronJob", "backup"],
  ["mock", "Deployment", "wiremock", 8081],
  ["shell", "Pod", "toolbox"],
];

const REPLICAS: Record<Care, [fewest: number, most: number]> = { good: [2, 4], middling: [1, 4], bad: [1, 2] };

/** The workloads of a namespace, always the same ones for one seed. */
export function apps(place: Place, tenancy: Tenancy, born: number): App[] {
  const rng = random(seedOf(place, tenancy.namespace, "apps"));
  return Array.from({ length: tenancy.workloads }, (_, index): App => {
    const noun = tenancy.nouns[index % tenancy.nouns.length] ?? tenancy.nouns[0];
    const turn = Math.floor(index / tenancy.nouns.length);
    // For one noun every turn takes another component, so names do not collide before the round.
    const start = ((index % tenancy.nouns.length) * 5 + turn) % COMPONENTS.length;
    const [component, kind, image, port] = COMPONENTS[start] ?? ["api", "Deployment", "api", 8080];
    const round = Math.floor(turn / COMPONENTS.length);
    const web = port !== undefined && kind === "Deployment";
    const exposed = web && rng.chance(0.22);
    const name = `${noun}-${component}${round > 0 ? `-${round + 1}` : ""}`;
    const shared = ["redis", "postgres", "rabbitmq", "wiremock"].includes(image);
    return {
      kind,
      namespace: tenancy.namespace,
      name,
      team: tenancy.team,
      care: tenancy.care,
      born: born + 0.001 * index,
      replicas: kind === "StatefulSet" ? rng.pick([1, 3]) : rng.integer(...REPLICAS[tenancy.care]),
      image: shared ? image : `${tenancy.team}/${noun}-${image}`,
      ...(port === undefined ? {} : { port }),
      ...(exposed ? { host: `${noun}-${component}.${place.plan.base.id}.harbour.example` } : {}),
      ...(web && !exposed && tenancy.care === "bad" && rng.chance(0.35)
        ? { serviceType: "LoadBalancer" as const }
        : {}),
      ...(rng.chance(0.18) ? { sidecar: rng.pick(["istio-proxy", "fluent-bit"]) } : {}),
      init: rng.chance(0.2),
      story: tenancy.story,
    };
  });
}
