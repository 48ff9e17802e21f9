import { type Place, type Rendered, render, seedOf } from "./objects";
import { type App, serviceAccountOf, templateAt } from "./objects-app";
import { owned } from "./objects-controllers";
import { podLabels } from "./objects-pod-spec";
import { hex } from "./random";

/** Addresses of the company's edge, which alone may reach a load balancer of a careful team. */
const EDGE = ["203.0.113.0/24", "198.51.100.16/28"];

const budget = (place: Place, { namespace, name, born }: App, matchLabels: Record<string, string>): Rendered =>
  render(place, {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    resource: "poddisruptionbudgets",
    namespace,
    name,
    created: born,
    manager: "helm",
    body: {
      spec: { maxUnavailable: 1, selector: { matchLabels } },
      status: { disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2, observedGeneration: 1 },
    },
  });

/** A workload with everything that belongs to it, as it stands on the place's day. */
export function renderApp(place: Place, app: App): Rendered[] {
  const { template, started } = templateAt(place, app, place.day);
  const { namespace, name, born } = app;
  const labels = podLabels(template);
  const result = owned(place, app, template, started);
  const account = serviceAccountOf(app);
  if (account !== "default") {
    result.push(
      render(place, {
        apiVersion: "v1",
        kind: "ServiceAccount",
        resource: "serviceaccounts",
        namespace,
        name: account,
        created: born,
        labels,
        manager: "helm",
        body: app.addon === undefined && app.care === "good" ? { automountServiceAccountToken: false } : {},
      }),
    );
  }
  if (app.addon === undefined) {
    // Never served to the reader: the API answers 403. The canary proves that it stays so.
    result.push(
      render(place, {
        apiVersion: "v1",
        kind: "Secret",
        resource: "secrets",
        namespace,
        name: `${name}-credentials`,
        created: born,
        body: {
          type: "Opaque",
          data: {
            password: Buffer.from(`SEAWALL-CANARY-${hex(seedOf(place, namespace, name, "canary"), 16)}`).toString(
              "base64",
            ),
          },
        },
      }),
    );
  }
  if (template.replicas > 1 && app.care !== "bad" && !template.traits.noBudget) result.push(budget(place, app, labels));
  if (app.port !== undefined && app.kind !== "Pod") {
    const loadBalancer = app.serviceType === "LoadBalancer";
    result.push(
      render(place, {
        apiVersion: "v1",
        kind: "Service",
        resource: "services",
        namespace,
        name,
        created: born,
        labels,
        manager: "helm",
        body: {
          spec: {
            type: app.serviceType ?? "ClusterIP",
            ...(loadBalancer && app.care !== "bad" ? { loadBalancerSourceRanges: EDGE } : {}),
            selector: labels,
            clusterIP: `10.0.${parseInt(hex(name + namespace, 2), 16)}.${(parseInt(hex(namespace + name, 2), 16) % 250) + 2}`,
            ports: [
              {
                name: "http",
                port: 80,
                targetPort: "http",
                protocol: "TCP",
                ...(loadBalancer ? { nodePort: 30_000 + (parseInt(hex(name, 3), 16) % 2767) } : {}),
              },
            ],
            sessionAffinity: "None",
            ipFamilies: ["IPv4"],
            ipFamilyPolicy: "SingleStack",
            internalTrafficPolicy: "Cluster",
          },
          status: {
            loadBalancer: loadBalancer
              ? { ingress: [{ ip: `198.51.100.${(parseInt(hex(name, 2), 16) % 250) + 2}` }] }
              : {},
          },
        },
      }),
    );
  }
  if (app.host !== undefined) {
    result.push(
      render(place, {
        apiVersion: "networking.k8s.io/v1",
        kind: "Ingress",
        resource: "ingresses",
        namespace,
        name,
        created: born,
        labels,
        manager: "helm",
        annotations: app.care === "good" ? { "cert-manager.io/cluster-issuer": "letsencrypt" } : {},
        body: {
          spec: {
            ingressClassName: "nginx",
            ...(app.care === "bad" ? {} : { tls: [{ hosts: [app.host], secretName: `${name}-tls` }] }),
            rules: [
              {
                host: app.host,
                http: {
                  paths: [{ path: "/", pathType: "Prefix", backend: { service: { name, port: { name: "http" } } } }],
                },
              },
            ],
          },
          status: { loadBalancer: { ingress: [{ ip: "198.51.100.2" }] } },
        },
      }),
    );
  }
  return result;
}
