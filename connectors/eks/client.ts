import {
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  EKSClient,
  ListAccessEntriesCommand,
  ListAddonsCommand,
  ListAssociatedAccessPoliciesCommand,
  ListClustersCommand,
  ListNodegroupsCommand,
} from "@aws-sdk/client-eks";
import type { z } from "zod";
import { call } from "@/connectors/aws/call";
import type { AwsCredentials } from "@/connectors/aws/credential";
import { type Listing, listAll } from "@/connectors/aws/paging";
import type { AwsSession } from "@/connectors/aws/session";
import {
  type AddonAnswer,
  accessEntriesPage,
  accessPoliciesPage,
  addonAnswer,
  addonsPage,
  type ClusterAnswer,
  clusterAnswer,
  clustersPage,
  type NodegroupAnswer,
  nodegroupAnswer,
  nodegroupsPage,
} from "./answers";

/** EKS of one region. Every method rejects with ConnectorError only; lists hold all pages or say what is missing. */
export class EksRegion {
  readonly #client: EKSClient;

  constructor(
    private readonly session: AwsSession,
    readonly region: string,
    credentials: AwsCredentials,
  ) {
    this.#client = new EKSClient(session.client("eks", region, credentials));
  }

  #call<T>(action: string, part: string, answer: z.ZodType<T>, send: (signal: AbortSignal) => Promise<unknown>) {
    return call(`eks:${action}`, `${this.region} ${part}`.trim(), this.session.limits, answer, send);
  }

  listClusters(): Promise<Listing> {
    return listAll("eks:ListClusters", this.region, async (nextToken) => {
      const command = new ListClustersCommand({ maxResults: 100, nextToken });
      const page = await this.#call("ListClusters", "", clustersPage, (abortSignal) =>
        this.#client.send(command, { abortSignal }),
      );
      return { items: page.clusters, nextToken: page.nextToken };
    });
  }

  async describeCluster(name: string): Promise<ClusterAnswer> {
    const command = new DescribeClusterCommand({ name });
    const answer = await this.#call("DescribeCluster", name, clusterAnswer, (abortSignal) =>
      this.#client.send(command, { abortSignal }),
    );
    return answer.cluster;
  }

  listNodegroups(clusterName: string): Promise<Listing> {
    return listAll("eks:ListNodegroups", `${this.region} ${clusterName}`, async (nextToken) => {
      const command = new ListNodegroupsCommand({ clusterName, maxResults: 100, nextToken });
      const page = await this.#call("ListNodegroups", clusterName, nodegroupsPage, (abortSignal) =>
        this.#client.send(command, { abortSignal }),
      );
      return { items: page.nodegroups, nextToken: page.nextToken };
    });
  }

  async describeNodegroup(clusterName: string, nodegroupName: string): Promise<NodegroupAnswer> {
    const command = new DescribeNodegroupCommand({ clusterName, nodegroupName });
    const part = `${clusterName}/${nodegroupName}`;
    const answer = await this.#call("DescribeNodegroup", part, nodegroupAnswer, (abortSignal) =>
      this.#client.send(command, { abortSignal }),
    );
    return answer.nodegroup;
  }

  listAddons(clusterName: string): Promise<Listing> {
    return listAll("eks:ListAddons", `${this.region} ${clusterName}`, async (nextToken) => {
      const command = new ListAddonsCommand({ clusterName, maxResults: 50, nextToken });
      const page = await this.#call("ListAddons", clusterName, addonsPage, (abortSignal) =>
        this.#client.send(command, { abortSignal }),
      );
      return { items: page.addons, nextToken: page.nextToken };
    });
  }

  async describeAddon(clusterName: string, addonName: string): Promise<AddonAnswer> {
    const command = new DescribeAddonCommand({ clusterName, addonName });
    const part = `${clusterName}/${addonName}`;
    const answer = await this.#call("DescribeAddon", part, addonAnswer, (abortSignal) =>
      this.#client.send(command, { abortSignal }),
    );
    return answer.addon;
  }

  listAccessEntries(clusterName: string): Promise<Listing> {
    return listAll("eks:ListAccessEntries", `${this.region} ${clusterName}`, async (nextToken) => {
      const command = new ListAccessEntriesCommand({ clusterName, maxResults: 100, nextToken });
      const page = await this.#call("ListAccessEntries", clusterName, accessEntriesPage, (abortSignal) =>
        this.#client.send(command, { abortSignal }),
      );
      return { items: page.accessEntries, nextToken: page.nextToken };
    });
  }
  /** The policies of one access entry, each as `ARN SCOPE`, where the scope is `cluster` or `namespace`. */
  listAccessPolicies(clusterName: string, principalArn: string): Promise<Listing> {
    const part = `${clusterName}/${principalArn}`;
    return listAll("eks:ListAssociatedAccessPolicies", `${this.region} ${part}`, async (nextToken) => {
      const command = new ListAssociatedAccessPoliciesCommand({
        clusterName,
        principalArn,
        maxResults: 100,
        nextToken,
      });
      const page = await this.#call("ListAssociatedAccessPolicies", part, accessPoliciesPage, (abortSignal) =>
        this.#client.send(command, { abortSignal }),
      );
      const items = page.associatedAccessPolicies.map(
        ({ policyArn, accessScope }) => `${policyArn ?? ""} ${accessScope?.type ?? ""}`,
      );
      return { items, nextToken: page.nextToken };
    });
  }
}
