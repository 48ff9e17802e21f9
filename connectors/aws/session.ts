import { DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { STSClient } from "@aws-sdk/client-sts";
import { z } from "zod";
import { type ConnectorContext, ConnectorError } from "@/connectors/connector";
import { type CallLimits, call } from "./call";
import { type AwsCredentials, assumeRole, hubCredentials } from "./credential";
import { toConnectorError } from "./error";
import type { AwsServiceName, AwsSettings } from "./schema";
import { type GuardedHandler, openTransport } from "./transport";

const regionsAnswer = z.object({
  Regions: z.array(z.object({ RegionName: z.string().regex(/^[a-z0-9-]{4,40}$/) })).max(500),
});

/** Everything that the calls of one piece of work share: limits, connections and the hub's identity. */
export class AwsSession {
  private constructor(
    readonly settings: AwsSettings,
    readonly limits: CallLimits,
    readonly hub: AwsCredentials,
    private readonly transport: GuardedHandler,
  ) {}

  /** Opens connections after checking the endpoints. Close it when done. Errors: ConnectorError. */
  static async open(
    settings: AwsSettings,
    secrets: Readonly<Record<string, string>>,
    context: ConnectorContext,
  ): Promise<AwsSession> {
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(settings.deadlineMs)]);
    const { requestTimeoutMs, maxAttempts, maxRetryWaitMs } = settings;
    const limits = { signal, requestTimeoutMs, maxAttempts, maxRetryWaitMs };
    try {
      const hub = await hubCredentials(settings, secrets, limits);
      return new AwsSession(settings, limits, hub, await openTransport(settings, context.allowPrivateNetworks));
    } catch (error) {
      throw toConnectorError(error, "connection");
    }
  }

  /** Constructor options for a client. Retries are `call`'s business. */
  client(service: AwsServiceName, region: string, credentials: AwsCredentials) {
    const endpoint = this.settings.endpoints[service];
    return {
      region,
      credentials,
      requestHandler: this.transport,
      maxAttempts: 1,
      ...(endpoint === undefined ? {} : { endpoint }),
    };
  }

  hubClient(): STSClient {
    return new STSClient(this.client("sts", this.settings.stsRegion, this.hub));
  }

  /** A session of the account's role. Errors: ConnectorError. */
  assume(): Promise<{ credentials: AwsCredentials; expiresAt: number }> {
    return assumeRole(this.hubClient(), this.settings, this.limits);
  }

  /** The regions to look at: those entered, or all that the account has enabled. Errors: ConnectorError. */
  async regions(credentials: AwsCredentials): Promise<string[]> {
    const { settings, limits } = this;
    if (settings.regions.length > 0) return [...new Set(settings.regions)];
    const ec2 = new EC2Client(this.client("ec2", settings.stsRegion, credentials));
    const answer = await call("ec2:DescribeRegions", settings.stsRegion, limits, regionsAnswer, (abortSignal) =>
      ec2.send(new DescribeRegionsCommand({}), { abortSignal }),
    );
    if (answer.Regions.length > 0) return [...new Set(answer.Regions.map((each) => each.RegionName))].sort();
    const message = "AWS named no enabled region, which can't be. Enter the regions in the account's settings.";
    throw new ConnectorError({ code: "malformed", what: "ec2:DescribeRegions", message });
  }

  close(): void {
    this.transport.destroy();
  }
}
