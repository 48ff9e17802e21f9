import { type Json, type Place, type Rendered, render } from "./objects";

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
  if (plan.care === "good" || plan.betaPolicy === true) {
    const beta = plan.betaPolicy === true ? { writtenBefore: "admissionregistration.k8s.io/v1beta1" } : {};
    result.push(
      render(place, {
        apiVersion: API,
        kind: "ValidatingAdmissionPolicy",
        resource: "validatingadmissionpolicies",
        name: "deny-privileged",
        created: born,
        manager: "helm",
        ...beta,
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
