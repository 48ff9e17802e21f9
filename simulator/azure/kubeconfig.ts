import type { SimCluster } from "../model";
import { AKS_SERVER_APP, type Signer } from "./tokens";

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Audience of the token in the kubeconfig of a cluster without Entra integration. */
export const localAudience = (cluster: SimCluster) => `kubernetes/${cluster.id}`;

/**
 * The user kubeconfig as AKS writes it: with Entra integration an exec plugin that signs in, else a client certificate
 * and a static token.
 */
export function userKubeconfig(cluster: SimCluster, tenantId: string, signer: Signer): string {
  const user = `clusterUser_${cluster.resourceGroup ?? "rg"}_${cluster.id}`;
  const login = `    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: kubelogin
      args: [get-token, --environment, AzurePublicCloud, --server-id, ${AKS_SERVER_APP}, --tenant-id, ${tenantId}, --login, devicecode]
      env: null
      provideClusterInfo: false`;
  const now = Math.floor(Date.now() / 1000);
  const token = () => signer.mint({ aud: localAudience(cluster), sub: user, iat: now, exp: now + 365 * 86_400 });
  const local = () => `    client-certificate-data: ${base64("not a real certificate")}
    client-key-data: ${base64("not a real key")}
    token: ${token()}`;
  return `apiVersion: v1
kind: Config
clusters:
- name: ${cluster.id}
  cluster:
    certificate-authority-data: ${base64(cluster.caCertificate)}
    server: ${cluster.server}
contexts:
- name: ${cluster.id}
  context:
    cluster: ${cluster.id}
    user: ${user}
current-context: ${cluster.id}
preferences: {}
users:
- name: ${user}
  user:
${cluster.controlPlane.cloudDirectory ? login : local()}
`;
}
