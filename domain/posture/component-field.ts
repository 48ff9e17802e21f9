import type { AppliesTo } from "./schema";

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const OF_EVERY_SERVER = words(`
  authentication-kubeconfig authentication-skip-lookup authorization-always-allow-paths authorization-kubeconfig bind-address cert-dir
  client-ca-file config contention-profiling feature-gates kube-api-burst kube-api-content-type kube-api-qps kubeconfig leader-elect
  leader-elect-lease-duration leader-elect-renew-deadline leader-elect-resource-lock leader-elect-resource-name
  leader-elect-resource-namespace leader-elect-retry-period log-flush-frequency logging-format permit-address-sharing permit-port-sharing port
  profiling requestheader-allowed-names requestheader-client-ca-file requestheader-extra-headers-prefix requestheader-group-headers
  requestheader-username-headers secure-port tls-cert-file tls-cipher-suites tls-min-version tls-private-key-file tls-sni-cert-key v`);

/**
 * Flags of a control plane's components and settings of a kubelet, as their references name them: what a control reads by another name is
 * set nowhere. https://kubernetes.io/docs/reference/command-line-tools-reference/, https://etcd.io/docs/latest/op-guide/configuration/,
 * https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
 */
const FIELDS: { readonly [word in AppliesTo]?: readonly string[] } = {
  KubeApiServer: [
    ...OF_EVERY_SERVER,
    ...words(`
      admission-control admission-control-config-file advertise-address allow-privileged anonymous-auth api-audiences apiserver-count
      audit-log-batch-buffer-size audit-log-batch-max-size audit-log-compress audit-log-format audit-log-maxage audit-log-maxbackup
      audit-log-maxsize audit-log-mode audit-log-path audit-log-truncate-enabled audit-policy-file audit-webhook-config-file
      audit-webhook-initial-backoff audit-webhook-mode authentication-config authentication-token-webhook-cache-ttl
      authentication-token-webhook-config-file authorization-config authorization-mode authorization-policy-file
      authorization-webhook-cache-authorized-ttl authorization-webhook-cache-unauthorized-ttl authorization-webhook-config-file basic-auth-file
      cloud-config cloud-provider cors-allowed-origins default-not-ready-toleration-seconds default-unreachable-toleration-seconds
      delete-collection-workers disable-admission-plugins egress-selector-config-file enable-admission-plugins enable-aggregator-routing
      enable-bootstrap-token-auth enable-garbage-collector enable-priority-and-fairness encryption-provider-config
      encryption-provider-config-automatic-reload endpoint-reconciler-type etcd-cafile etcd-certfile etcd-compaction-interval etcd-keyfile
      etcd-prefix etcd-servers etcd-servers-overrides event-ttl external-hostname goaway-chance http2-max-streams-per-connection
      insecure-bind-address insecure-port kubelet-certificate-authority kubelet-client-certificate kubelet-client-key kubelet-https
      kubelet-preferred-address-types kubelet-timeout livez-grace-period max-mutating-requests-inflight max-requests-inflight
      min-request-timeout oidc-ca-file oidc-client-id oidc-groups-claim oidc-groups-prefix oidc-issuer-url oidc-required-claim
      oidc-signing-algs oidc-username-claim oidc-username-prefix peer-advertise-ip peer-ca-file proxy-client-cert-file proxy-client-key-file
      repair-malformed-updates request-timeout runtime-config service-account-extend-token-expiration service-account-issuer
      service-account-jwks-uri service-account-key-file service-account-lookup service-account-max-token-expiration
      service-account-signing-endpoint service-account-signing-key-file service-cluster-ip-range service-node-port-range shutdown-delay-duration
      storage-backend storage-media-type strict-transport-security-directives token-auth-file tracing-config-file watch-cache watch-cache-sizes`),
  ],
  KubeControllerManager: [
    ...OF_EVERY_SERVER,
    ...words(`
      address allocate-node-cidrs attach-detach-reconcile-sync-period cidr-allocator-type cloud-config cloud-provider cluster-cidr cluster-name
      cluster-signing-cert-file cluster-signing-duration cluster-signing-key-file concurrent-gc-syncs configure-cloud-routes controllers
      disable-attach-detach-reconcile-sync enable-dynamic-provisioning enable-garbage-collector enable-hostpath-provisioner
      horizontal-pod-autoscaler-sync-period legacy-service-account-token-clean-up-period node-cidr-mask-size node-eviction-rate
      node-monitor-grace-period node-monitor-period root-ca-file service-account-private-key-file service-cluster-ip-range
      terminated-pod-gc-threshold unhealthy-zone-threshold use-service-account-credentials volume-host-allow-local-loopback
      volume-host-cidr-denylist`),
  ],
  KubeScheduler: [...OF_EVERY_SERVER, ...words("address algorithm-provider policy-config-file write-config-to")],
  Etcd: words(`
    advertise-client-urls auth-token auto-compaction-mode auto-compaction-retention auto-tls ca-file cert-file cipher-suites client-cert-allowed-cn
    client-cert-allowed-hostname client-cert-auth client-cert-file client-crl-file client-key-file config-file data-dir election-timeout
    enable-pprof enable-v2 experimental-initial-corrupt-check experimental-peer-skip-client-san-verification
    experimental-watch-progress-notify-interval heartbeat-interval initial-advertise-peer-urls initial-cluster initial-cluster-state
    initial-cluster-token key-file listen-client-http-urls listen-client-urls listen-metrics-urls listen-peer-urls log-level log-outputs
    max-request-bytes max-snapshots max-wals metrics name peer-auto-tls peer-ca-file peer-cert-allowed-cn peer-cert-allowed-hostname
    peer-cert-file peer-client-cert-auth peer-client-cert-file peer-client-key-file peer-crl-file peer-key-file peer-trusted-ca-file
    quota-backend-bytes self-signed-cert-validity snapshot-count strict-reconfig-check tls-max-version tls-min-version trusted-ca-file unsafe-no-fsync
    wal-dir`),
  Kubelet: words(`
    address allowedUnsafeSysctls authentication authorization cgroupDriver cgroupRoot cgroupsPerQOS clusterDNS clusterDomain
    configMapAndSecretChangeDetectionStrategy containerLogMaxFiles containerLogMaxSize containerRuntimeEndpoint contentType cpuCFSQuota
    cpuManagerPolicy crashLoopBackOff enableControllerAttachDetach enableDebugFlagsHandler enableDebuggingHandlers enableProfilingHandler
    enableServer enableSystemLogHandler enforceNodeAllocatable eventBurst eventRecordQPS evictionHard evictionMaxPodGracePeriod evictionSoft
    failCgroupV1 failSwapOn featureGates fileCheckFrequency hairpinMode healthzBindAddress healthzPort httpCheckFrequency imageGCHighThresholdPercent
    imageGCLowThresholdPercent imageMaximumGCAge imageMinimumGCAge imagePullCredentialsVerificationPolicy iptablesDropBit iptablesMasqueradeBit
    kernelMemcgNotification kubeAPIBurst kubeAPIQPS kubeReserved localStorageCapacityIsolation logging makeIPTablesUtilChains maxOpenFiles
    maxParallelImagePulls maxPods memorySwap memoryThrottlingFactor nodeLeaseDurationSeconds nodeStatusReportFrequency nodeStatusUpdateFrequency
    oomScoreAdj podCIDR podPidsLimit podsPerCore port preloadedImagesVerificationAllowlist protectKernelDefaults readOnlyPort registerNode
    registerWithTaints registryBurst registryPullQPS reservedSystemCPUs resolvConf rotateCertificates runOnce runtimeRequestTimeout
    seccompDefault serializeImagePulls serverTLSBootstrap showHiddenMetricsForVersion shutdownGracePeriod shutdownGracePeriodCriticalPods
    staticPodPath staticPodURL staticPodURLHeader streamingConnectionIdleTimeout syncFrequency systemCgroups systemReserved tlsCertFile
    tlsCipherSuites tlsCurvePreferences tlsMinVersion tlsPrivateKeyFile topologyManagerPolicy topologyManagerScope tracing userNamespaces
    volumePluginDir volumeStatsAggPeriod`),
};

/** The names of a component's flags, or of a kubelet's settings. */
export const fieldsOf = (word: AppliesTo): readonly string[] => FIELDS[word] ?? [];

/** Where a control reads the fields of a component, and their names; null where it judges none, or others beside it. */
export function componentFields(
  resources: readonly AppliesTo[],
): { under: "flags" | "settings"; names: string[] } | null {
  const lists = resources.map((word) => FIELDS[word]);
  if (!lists.every((list) => list !== undefined)) return null;
  return { under: resources.includes("Kubelet") ? "settings" : "flags", names: [...new Set(lists.flat())] };
}
