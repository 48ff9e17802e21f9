import { type Json, type Place, type Rendered, render, seedOf } from "./objects";
import { binding, role } from "./objects-rbac";
import { random } from "./random";
import type { Tenancy } from "./scenario-teams";

export const namespace = (
  place: Place,
  name: string,
  created: number,
  labels: Record<string, string> = {},
): Rendered[] => [
  render(place, {
    apiVersion: "v1",
    kind: "Namespace",
    resource: "namespaces",
    name,
    created,
    labels: { "kubernetes.io/metadata.name": name, ...labels },
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

/** A team's namespace with its policies and its RBAC. */
export function renderTenancy(place: Place, tenancy: Tenancy, born: number): Rendered[] {
  const { namespace: name, care } = tenancy;
  const rng = random(seedOf(place, name, "namespace"));
  const result = namespace(place, name, born, {
    "harbour.example/team": tenancy.team,
    ...(care === "good" ? { "pod-security.kubernetes.io/enforce": "restricted" } : {}),
    ...(care === "middling" && rng.chance(0.5)
      ? { "pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/warn": "restricted" }
      : {}),
  });
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
      { kind: "ServiceAccount", namespace: "argocd", name: "argocd-application-controller" },
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

/** An authority for webhooks, valid for a hundred years: its key was thrown away. */
const WEBHOOK_CA =
  "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJrRENDQVRlZ0F3SUJBZ0lVT09IdG12L1dZdTkxd3pVbnBnVmZhWCs2cm1F" +
  "d0NnWUlLb1pJemowRUF3SXcKSFRFYk1Ca0dBMVVFQXd3U2FHRnlZbTkxY2kxM1pXSm9iMjlyTFdOaE1DQVhEVEkyTVRFeU1USXdN" +
  "RGt5TlZvWQpEekl4TWpZeE1ESTRNakF3T1RJMVdqQWRNUnN3R1FZRFZRUUREQkpvWVhKaWIzVnlMWGRsWW1odmIyc3RZMkV3CldU" +
  "QVRCZ2NxaGtqT1BRSUJCZ2dxaGtqT1BRTUJCd05DQUFUVXc2dlBOcWtEQjNOU3RjSkgxdHpaYVVXbGV5YTEKZnc3Y0RBQjF1WEdz" +
  "dU1FekV1eEI5MnlxSm9OeEVPcHdNRVRSUDFDRkRNZURxTVF3RWVmanJ5d1RvMU13VVRBZApCZ05WSFE0RUZnUVVYZmE1T2NHV0JW" +
  "V1A5YnJpNTRsYVltL2lZOWN3SHdZRFZSMGpCQmd3Rm9BVVhmYTVPY0dXCkJWV1A5YnJpNTRsYVltL2lZOWN3RHdZRFZSMFRBUUgv" +
  "QkFVd0F3RUIvekFLQmdncWhrak9QUVFEQWdOSEFEQkUKQWlCa0VvaDFoZjNGSGlWNy9GcksxUkVoYmd6Qzhpa2ZkbGtuMXJMRlJt" +
  "dmsxUUlnYVhTUmFrQWwvMlB6ekhyZAo1bTRISmI5NXIrUWVNSHVoR3hwdXNYZi9uQjg9Ci0tLS0tRU5EIENFUlRJRklDQVRFLS0t" +
  "LS0K";

/** Admission webhooks and policies: failing open on careless clusters. */
export function admission(place: Place): Rendered[] {
  const { born, plan } = place;
  const API = "admissionregistration.k8s.io/v1";
  const webhook = (
    name: string,
    space: string,
    service: string,
    path: string,
    failurePolicy: "Fail" | "Ignore",
    resources: string[],
  ): Json => ({
    webhooks: [
      {
        name,
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        timeoutSeconds: 10,
        failurePolicy,
        matchPolicy: "Equivalent",
        namespaceSelector: {},
        objectSelector: {},
        clientConfig: { service: { namespace: space, name: service, path, port: 443 }, caBundle: WEBHOOK_CA },
        rules: [{ apiGroups: ["*"], apiVersions: ["*"], operations: ["CREATE", "UPDATE"], resources, scope: "*" }],
      },
    ],
  });
  const result = [
    render(place, {
      apiVersion: API,
      kind: "ValidatingWebhookConfiguration",
      resource: "validatingwebhookconfigurations",
      name: "ingress-nginx-admission",
      created: born,
      manager: "helm",
      body: webhook(
        "validate.nginx.ingress.kubernetes.io",
        "ingress-nginx",
        "ingress-nginx-controller",
        "/networking/v1/ingresses",
        "Fail",
        ["ingresses"],
      ),
    }),
    render(place, {
      apiVersion: API,
      kind: "MutatingWebhookConfiguration",
      resource: "mutatingwebhookconfigurations",
      name: "cert-manager-webhook",
      created: born,
      manager: "helm",
      body: webhook(
        "webhook.cert-manager.io",
        "cert-manager",
        "cert-manager-webhook",
        "/mutate",
        plan.care === "bad" ? "Ignore" : "Fail",
        ["certificaterequests"],
      ),
    }),
  ];
  if (plan.care === "good") {
    result.push(
      render(place, {
        apiVersion: API,
        kind: "ValidatingAdmissionPolicy",
        resource: "validatingadmissionpolicies",
        name: "deny-privileged",
        created: born,
        manager: "helm",
        body: {
          spec: {
            failurePolicy: "Fail",
            matchConstraints: {
              resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
            },
            validations: [
              {
                expression: "!object.spec.containers.exists(c, c.?securityContext.?privileged.orValue(false))",
                message: "Privileged containers are refused.",
              },
            ],
          },
        },
      }),
    );
    result.push(
      render(place, {
        apiVersion: API,
        kind: "ValidatingAdmissionPolicyBinding",
        resource: "validatingadmissionpolicybindings",
        name: "deny-privileged",
        created: born,
        manager: "helm",
        body: {
          spec: {
            policyName: "deny-privileged",
            validationActions: ["Deny"],
            matchResources: {
              namespaceSelector: { matchLabels: { "pod-security.kubernetes.io/enforce": "restricted" } },
            },
          },
        },
      }),
    );
  }
  return result;
}
