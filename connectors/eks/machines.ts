import { DescribeLaunchTemplateVersionsCommand, DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { call } from "@/connectors/aws/call";
import type { AwsCredentials } from "@/connectors/aws/credential";
import type { AwsSession } from "@/connectors/aws/session";
import { ConnectorError } from "@/connectors/connector";
import { type LaunchTemplate, launchTemplateAnswer, type SubnetAnswer, subnetsAnswer } from "./answers";

/** What EC2 knows of a region's node groups. Every method rejects with ConnectorError only. */
export class MachineRegion {
  readonly #client: EC2Client;

  constructor(
    private readonly session: AwsSession,
    readonly region: string,
    credentials: AwsCredentials,
  ) {
    this.#client = new EC2Client(session.client("ec2", region, credentials));
  }

  /** The subnets by id; one that EC2 does not name back is an error. */
  async subnets(ids: readonly string[], cluster: string): Promise<SubnetAnswer[]> {
    const command = new DescribeSubnetsCommand({ SubnetIds: [...ids] });
    const where = `${this.region} ${cluster}`;
    const { Subnets } = await call("ec2:DescribeSubnets", where, this.session.limits, subnetsAnswer, (abortSignal) =>
      this.#client.send(command, { abortSignal }),
    );
    if (ids.every((id) => Subnets.some((subnet) => subnet.SubnetId === id))) return Subnets;
    const message = "EC2 left out a subnet that was asked for, so the node groups' addresses are not known.";
    throw new ConnectorError({ code: "malformed", what: `ec2:DescribeSubnets ${where}`, message });
  }

  /** One version of a launch template. */
  async launchTemplate(id: string, version: string, group: string): Promise<LaunchTemplate> {
    const action = "ec2:DescribeLaunchTemplateVersions";
    const where = `${this.region} ${group}`;
    const command = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: [version] });
    const answer = await call(action, where, this.session.limits, launchTemplateAnswer, (abortSignal) =>
      this.#client.send(command, { abortSignal }),
    );
    const data = answer.LaunchTemplateVersions[0]?.LaunchTemplateData;
    if (data !== undefined) return data;
    const message = "EC2 did not answer the version of the launch template that the node group uses.";
    throw new ConnectorError({ code: "malformed", what: `${action} ${where}`, message });
  }
}
