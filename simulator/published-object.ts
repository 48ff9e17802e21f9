/**
 * The Kubernetes objects of the estate held against their published definitions, as far as the estate fills them:
 * https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/. Written by hand, for no package that is installed
 * ships them. `name!` is required; `s` text, `i` integer, `b` boolean, `q` quantity or port, `t` time, `m` map of texts,
 * `*` whatever it holds, a capital a definition, brackets a list.
 */
const TEXT: Record<string, string> = {
  Meta: `name!s namespace:s uid!s resourceVersion:s generation:i creationTimestamp!t deletionTimestamp:t deletionGracePeriodSeconds:i
    generateName:s selfLink:s labels:m annotations:m finalizers:[s] ownerReferences:[Owner] managedFields:[Managed]`,
  Owner: "apiVersion!s kind!s name!s uid!s controller:b blockOwnerDeletion:b",
  Managed: "manager:s operation:s apiVersion:s time:t fieldsType:s fieldsV1:* subresource:s",
  Selector: "matchLabels:m matchExpressions:[*]",
  Template: "metadata:* spec!PodSpec",
  PodSpec: `containers![Container] initContainers:[Container] ephemeralContainers:[Container] volumes:[Volume] restartPolicy:s
    terminationGracePeriodSeconds:i activeDeadlineSeconds:i dnsPolicy:s dnsConfig:* nodeSelector:m serviceAccountName:s serviceAccount:s
    automountServiceAccountToken:b nodeName:s hostNetwork:b hostPID:b hostIPC:b hostUsers:b shareProcessNamespace:b securityContext:PodSecurity
    imagePullSecrets:[*] hostname:s hostnameOverride:s subdomain:s affinity:* schedulerName:s tolerations:[*] hostAliases:[*] priorityClassName:s
    priority:i preemptionPolicy:s enableServiceLinks:b overhead:* topologySpreadConstraints:[*] setHostnameAsFQDN:b os:* readinessGates:[*]
    runtimeClassName:s schedulingGates:[*] resourceClaims:[*] resources:*`,
  Container: `name!s image:s command:[s] args:[s] workingDir:s ports:[Port] envFrom:[*] env:[*] resources:Resources resizePolicy:[*]
    restartPolicy:s restartPolicyRules:[*] volumeMounts:[Mount] volumeDevices:[*] livenessProbe:Probe readinessProbe:Probe startupProbe:Probe
    lifecycle:* terminationMessagePath:s terminationMessagePolicy:s imagePullPolicy:s securityContext:Security stdin:b stdinOnce:b tty:b
    targetContainerName:s`,
  Port: "name:s containerPort!i hostPort:i hostIP:s protocol:s",
  Resources: "limits:* requests:* claims:[*]",
  Mount: "name!s mountPath!s subPath:s subPathExpr:s readOnly:b recursiveReadOnly:s mountPropagation:s",
  Probe: `exec:* httpGet:* tcpSocket:* grpc:* initialDelaySeconds:i timeoutSeconds:i periodSeconds:i successThreshold:i failureThreshold:i
    terminationGracePeriodSeconds:i`,
  Security: `capabilities:Capabilities privileged:b seLinuxOptions:* windowsOptions:* runAsUser:i runAsGroup:i runAsNonRoot:b
    readOnlyRootFilesystem:b allowPrivilegeEscalation:b procMount:s seccompProfile:* appArmorProfile:*`,
  PodSecurity: `seLinuxOptions:* windowsOptions:* runAsUser:i runAsGroup:i runAsNonRoot:b supplementalGroups:[i] supplementalGroupsPolicy:s
    fsGroup:i fsGroupChangePolicy:s sysctls:[*] seccompProfile:* appArmorProfile:* seLinuxChangePolicy:s`,
  Capabilities: "add:[s] drop:[s]",
  Volume: `name!s hostPath:* emptyDir:* secret:* configMap:* projected:* persistentVolumeClaim:* downwardAPI:* csi:* nfs:* ephemeral:*
    image:* azureFile:* azureDisk:* awsElasticBlockStore:* gcePersistentDisk:* iscsi:* cephfs:*`,
  DeploymentSpec: `replicas:i selector!Selector template!Template strategy:* minReadySeconds:i revisionHistoryLimit:i paused:b
    progressDeadlineSeconds:i`,
  DaemonSetSpec: "selector!Selector template!Template updateStrategy:* minReadySeconds:i revisionHistoryLimit:i",
  StatefulSetSpec: `replicas:i selector!Selector template!Template volumeClaimTemplates:[*] serviceName:s podManagementPolicy:s
    updateStrategy:* revisionHistoryLimit:i minReadySeconds:i persistentVolumeClaimRetentionPolicy:* ordinals:*`,
  ReplicaSetSpec: "replicas:i minReadySeconds:i selector!Selector template:Template",
  ReplicationControllerSpec: "replicas:i minReadySeconds:i selector:m template:Template",
  JobSpec: `parallelism:i completions:i activeDeadlineSeconds:i podFailurePolicy:* successPolicy:* backoffLimit:i backoffLimitPerIndex:i
    maxFailedIndexes:i selector:Selector manualSelector:b template!Template ttlSecondsAfterFinished:i completionMode:s suspend:b
    podReplacementPolicy:s managedBy:s`,
  JobTemplate: "metadata:* spec!JobSpec",
  CronJobSpec: `schedule!s timeZone:s startingDeadlineSeconds:i concurrencyPolicy:s suspend:b jobTemplate!JobTemplate
    successfulJobsHistoryLimit:i failedJobsHistoryLimit:i`,
  ServiceSpec: `ports:[ServicePort] selector:m clusterIP:s clusterIPs:[s] type:s externalIPs:[s] sessionAffinity:s sessionAffinityConfig:*
    loadBalancerIP:s loadBalancerSourceRanges:[s] externalName:s externalTrafficPolicy:s internalTrafficPolicy:s healthCheckNodePort:i
    publishNotReadyAddresses:b ipFamilies:[s] ipFamilyPolicy:s allocateLoadBalancerNodePorts:b loadBalancerClass:s trafficDistribution:s`,
  ServicePort: "name:s protocol:s appProtocol:s port!i targetPort:q nodePort:i",
  IngressSpec: "ingressClassName:s defaultBackend:* tls:[*] rules:[*]",
  NetworkPolicySpec: "podSelector:Selector ingress:[*] egress:[*] policyTypes:[s]",
  NodeSpec: "podCIDR:s podCIDRs:[s] providerID:s unschedulable:b taints:[*] configSource:*",
  NamespaceSpec: "finalizers:[s]",
  Rule: "verbs![s] apiGroups:[s] resources:[s] resourceNames:[s] nonResourceURLs:[s]",
  RoleRef: "apiGroup!s kind!s name!s",
  Subject: "kind!s apiGroup:s name!s namespace:s",
  Webhook: `name!s clientConfig!* rules:[*] failurePolicy:s matchPolicy:s namespaceSelector:Selector objectSelector:Selector sideEffects!s
    timeoutSeconds:i admissionReviewVersions![s] matchConditions:[*] reinvocationPolicy:s`,
  PolicySpec: `paramKind:* matchConstraints:* validations:[*] failurePolicy:s auditAnnotations:[*] matchConditions:[*] variables:[*]`,
  PolicyBindingSpec: "policyName:s paramRef:* matchResources:* validationActions:[s]",
  Namespace: "spec:NamespaceSpec status:*",
  Node: "spec:NodeSpec status:*",
  ConfigMap: "data:m binaryData:m immutable:b",
  Secret: "data:m stringData:m type:s immutable:b",
  Event: `involvedObject!* reason:s message:s source:* firstTimestamp:t lastTimestamp:t count:i type:s eventTime:* series:* action:s related:*
    reportingComponent:s reportingInstance:s`,
  PersistentVolume: "spec:* status:*",
  PersistentVolumeClaim: "spec:* status:*",
  PodDisruptionBudget: "spec:BudgetSpec status:*",
  BudgetSpec: "minAvailable:q maxUnavailable:q selector:Selector unhealthyPodEvictionPolicy:s",
  ResourceQuota: "spec:QuotaSpec status:*",
  QuotaSpec: "hard:m scopeSelector:* scopes:[s]",
  LimitRange: "spec:LimitRangeSpec",
  LimitRangeSpec: "limits![Limit]",
  Limit: "type!s default:m defaultRequest:m max:m min:m maxLimitRequestRatio:m",
  Pod: "spec:PodSpec status:*",
  Service: "spec:ServiceSpec status:*",
  ServiceAccount: "secrets:[*] imagePullSecrets:[*] automountServiceAccountToken:b",
  ReplicationController: "spec:ReplicationControllerSpec status:*",
  Deployment: "spec:DeploymentSpec status:*",
  DaemonSet: "spec:DaemonSetSpec status:*",
  StatefulSet: "spec:StatefulSetSpec status:*",
  ReplicaSet: "spec:ReplicaSetSpec status:*",
  Job: "spec:JobSpec status:*",
  CronJob: "spec:CronJobSpec status:*",
  Ingress: "spec:IngressSpec status:*",
  NetworkPolicy: "spec:NetworkPolicySpec",
  Role: "rules:[Rule]",
  ClusterRole: "rules:[Rule] aggregationRule:*",
  RoleBinding: "roleRef!RoleRef subjects:[Subject]",
  ClusterRoleBinding: "roleRef!RoleRef subjects:[Subject]",
  ValidatingWebhookConfiguration: "webhooks:[Webhook]",
  MutatingWebhookConfiguration: "webhooks:[Webhook]",
  ValidatingAdmissionPolicy: "spec:PolicySpec status:*",
  ValidatingAdmissionPolicyBinding: "spec:PolicyBindingSpec",
};

interface Field {
  required: boolean;
  list: boolean;
  type: string;
}
const DEFINITIONS = new Map(
  Object.entries(TEXT).map(([name, text]) => {
    const fields = [...text.matchAll(/(\w+)([:!])(\[?)([\w*]+)/g)].map(([, field = "", mark, list, type = ""]) => {
      const known: [string, Field] = [field, { required: mark === "!", list: list === "[", type }];
      return known;
    });
    return [name, new Map(fields)];
  }),
);

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const SCALARS: Record<string, (value: unknown) => boolean> = {
  s: (value) => typeof value === "string",
  i: Number.isInteger,
  b: (value) => typeof value === "boolean",
  q: (value) => typeof value === "string" || Number.isInteger(value),
  t: (value) => typeof value === "string" && TIME.test(value),
  m: (value) => isRecord(value) && Object.values(value).every((text) => typeof text === "string"),
  "*": () => true,
};

function checkFields(at: string, value: unknown, definition: string, more: string[] = []): void {
  const fields = DEFINITIONS.get(definition);
  if (fields === undefined || !isRecord(value)) throw new Error(`${at} is no ${definition}`);
  for (const [name, inner] of Object.entries(value)) {
    const field = fields.get(name);
    if (field !== undefined) checkField(`${at}.${name}`, inner, field);
    else if (!more.includes(name)) throw new Error(`${at}.${name}: ${definition} has no such field`);
  }
  for (const [name, { required }] of fields)
    if (required && value[name] === undefined) throw new Error(`${at} lacks ${name}, which ${definition} requires`);
}

function checkField(at: string, value: unknown, { list, type }: Field): void {
  if (list && !Array.isArray(value)) throw new Error(`${at} is no list`);
  for (const item of list && Array.isArray(value) ? value : [value]) {
    const fits = SCALARS[type];
    if (fits === undefined) checkFields(at, item, type);
    else if (!fits(item)) throw new Error(`${at} has the wrong type`);
  }
}

/** Checks an object before it is served. Errors: Error naming the field that its kind does not have, lacks, or has otherwise. */
export function checkObject(object: Record<string, unknown>): void {
  const kind = String(object.kind);
  if (!DEFINITIONS.has(kind)) throw new Error(`no definition of ${kind} is at hand`);
  checkFields(kind, object, kind, ["apiVersion", "kind", "metadata"]);
  checkFields(`${kind}.metadata`, object.metadata, "Meta");
}
