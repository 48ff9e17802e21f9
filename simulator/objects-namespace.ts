import { type Json, type Place, type Rendered, render, seedOf } from "./objects";
import { binding, role } from "./objects-rbac";
import { random } from "./random";
import type { Tenancy } from "./scenario-teams";

export const namespace = (
  place: Place,
  name: string,
  created: number,
  { labels = {}, annotations }: { labels?: Record<string, string>; annotations?: Record<string, string> } = {},
): Rendered[] => [
  render(place, {
    apiVersion: "v1",
    kind: "Namespace",
    resource: "namespaces",
    name,
    created,
    labels: { "kubernetes.io/metadata.name": name, ...labels },
    ...(annotations === undefined ? {} : { annotations }),
    manager: "kubectl-create",
    body: { spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } },
  }),
  render(place, {
    apiVersion: "v1",
    kind: "ServiceAccount",
    resource: "serviceaccounts",
    namespace: name,
    name: "default",
    created,
    body: {},
  }),
  render(place, {
    apiVersion: "v1",
    kind: "ConfigMap",
    resource: "configmaps",
    namespace: name,
    name: "kube-root-ca.crt",
    created,
    body: { data: { "ca.crt": "SEAWALL-CANARY-CONFIGMAP" } },
  }),
];

const policy = (place: Place, space: string, name: string, created: number, spec: Json): Rendered =>
  render(place, {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    resource: "networkpolicies",
    namespace: space,
    name,
    created,
    manager: "helm",
    body: { spec },
  });

/** Which of a namespace's own dated facts hold now: its rendered objects depend on nothing else. */
export const tenancyVersion = (place: Place, tenancy: Tenancy): string =>
  `${tenancy.isolated !== undefined && tenancy.isolated <= place.day}/${isAdmin(place, tenancy)}`;

const isAdmin = (place: Place, tenancy: Tenancy): boolean =>
  tenancy.adminFrom !== undefined &&
  tenancy.adminFrom <= place.day &&
  (tenancy.adminUntil ?? Number.POSITIVE_INFINITY) > place.day;

/**
 * What a namespace says of itself: whose it is, and what pods it takes. Good teams say both, middling ones use their company's
 * label, and careless ones leave a mail address in half of the cases. `luck`: in [0, 1).
 */
function identity({ team, care }: Tenancy, luck: number): Parameters<typeof namespace>[3] {
  const enforce = "pod-security.kubernetes.io/enforce";
  switch (care) {
    case "good":
      return {
        labels: { team, [enforce]: "restricted" },
        annotations: { "harbour.example/owner": `${team}@harbour.example` },
      };
    case "middling":
      return {
        labels: {
          "harbour.example/team": team,
          ...(luck < 0.65 ? { [enforce]: "baseline", "pod-security.kubernetes.io/warn": "restricted" } : {}),
        },
      };
    case "bad":
      return luck < 0.45 ? { annotations: { owner: team } } : {};
  }
}

/** A quota and default limits, as a platform team puts into namespaces that it makes. */
const bounds = (place: Place, name: string, created: number): Rendered[] => {
  const of = (kind: string, resource: string, body: Json): Rendered =>
    render(place, {
      apiVersion: "v1",
      kind,
      resource,
      namespace: name,
      name: "team",
      created,
      manager: "argocd-controller",
      body,
    });
  const hard = { "requests.cpu": "40", "requests.memory": "80Gi", pods: "200" };
  const limit = {
    type: "Container",
    default: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "1Gi" },
    defaultRequest: { cpu: "100m", memory: "128Mi" },
  };
  return [
    of("ResourceQuota", "resourcequotas", { spec: { hard }, status: { hard } }),
    of("LimitRange", "limitranges", { spec: { limits: [limit] } }),
  ];
};

/** What a careless team keeps where everybody looks. */
const settings = (place: Place, name: string, created: number): Rendered =>
  render(place, {
    apiVersion: "v1",
    kind: "ConfigMap",
    resource: "configmaps",
    namespace: name,
    name: "settings",
    created,
    manager: "kubectl-client-side-apply",
    body: {
      data: { LOG_LEVEL: "info", DATABASE_URL: `postgres://${name}:SEAWALL-CANARY-CONFIGMAP@db.${name}:5432/${name}` },
    },
  });

/** A team's namespace with its policies and its RBAC. */
export function renderTenancy(place: Place, tenancy: Tenancy, born: number): Rendered[] {
  const { namespace: name, care } = tenancy;
  const rng = random(seedOf(place, name, "namespace"));
  const result = namespace(place, name, born, identity(tenancy, rng.next()));
  if (care === "good" || (care === "middling" && rng.chance(0.4))) result.push(...bounds(place, name, born));
  if (care === "bad") result.push(settings(place, name, born));
  if (tenancy.isolated !== undefined && tenancy.isolated <= place.day) {
    const since = Math.max(born, tenancy.isolated);
    result.push(policy(place, name, "default-deny", since, { podSelector: {}, policyTypes: ["Ingress", "Egress"] }));
    result.push(
      policy(place, name, "allow-same-namespace", since, {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          {
            from: [
              { podSelector: {} },
              { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" } } },
            ],
          },
        ],
        egress: [
          { to: [{ podSelector: {} }] },
          {
            to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
            ports: [{ protocol: "UDP", port: 53 }],
          },
        ],
      }),
    );
  }
  const developers = [{ kind: "Group" as const, name: `harbour:${tenancy.team}` }];
  result.push(
    binding(
      place,
      name,
      "developers",
      born,
      { kind: "ClusterRole", name: care === "bad" ? "admin" : care === "middling" ? "edit" : "view" },
      developers,
    ),
  );
  result.push(
    role(
      place,
      name,
      "deployer",
      born,
      care === "bad"
        ? [[["*"], ["*"], ["*"]]]
        : [
            [["apps"], ["deployments", "statefulsets"], ["get", "list", "patch", "update"]],
            [[""], ["pods", "pods/log"], ["get", "list"]],
          ],
    ),
  );
  result.push(
    binding(place, name, "deployer", born, { kind: "Role", name: "deployer" }, [
      { kind: "Group", name: "harbour:deployments" },
    ]),
  );
  if (care !== "good" && rng.chance(0.4)) {
    result.push(role(place, name, "secret-reader", born, [[[""], ["secrets"], ["get", "list", "watch"]]]));
    result.push(
      binding(place, name, "secret-reader", born, { kind: "Role", name: "secret-reader" }, [
        { kind: "ServiceAccount", namespace: name, name: "default" },
      ]),
    );
  }
  if (isAdmin(place, tenancy)) {
    const since = Math.max(born, tenancy.adminFrom ?? born);
    result.push(
      binding(place, undefined, `${name}-temporary-admin`, since, { kind: "ClusterRole", name: "cluster-admin" }, [
        { kind: "ServiceAccount", namespace: name, name: "default" },
      ]),
    );
  }
  return result;
}
