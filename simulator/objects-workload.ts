import { type Place, type Rendered, render, seedOf } from "./objects";
import { type App, serviceAccountOf, templateAt } from "./objects-app";
import { owned } from "./objects-controllers";
import { podLabels } from "./objects-pod";
import { hex } from "./random";

/** A workload with everything that belongs to it, as it stands on the place's day. */
export function renderApp(place: Place, app: App): Rendered[] {
  const { template, started } = templateAt(place, app, place.day);
  const { namespace, name, born } = app;
  const labels = podLabels(template);
  const result = owned(place, app, template, started);
  if (serviceAccountOf(app) === name) {
    result.push(
      render(place, {
        apiVersion: "v1",
        kind: "ServiceAccount",
        resource: "serviceaccounts",
        namespace,
        name,
        created: born,
        labels,
        manager: "helm",
        body: app.care === "good" ? { automountServiceAccountToken: false } : {},
      }),
    );
  }
  if (app.system !== true) {
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
