import { callerIdentity } from "@/connectors/aws/credential";
import { toConnectorError } from "@/connectors/aws/error";
import { AwsSession } from "@/connectors/aws/session";
import type { ConnectionCheck, ConnectorContext } from "@/connectors/connector";
import { EksRegion } from "./client";
import type { EksSettings } from "./schema";

const STEPS = ["Endpoints and credentials", "Identity", "Role", "Regions", "Clusters", "Cluster details"] as const;
type Step = (typeof STEPS)[number];
/** The last step asks the first cluster only: what it says is no word of the account. */
const aboutOf = (name: Step): Pick<ConnectionCheck, "about"> =>
  name === "Cluster details" ? { about: "cluster" } : {};

/** Tries each step that a discovery needs, in the order a person would repair them. After a failure the rest is not tested. Never rejects. */
export async function testConnection(
  settings: EksSettings,
  secrets: Readonly<Record<string, string>>,
  context: ConnectorContext,
): Promise<ConnectionCheck[]> {
  const checks: ConnectionCheck[] = [];
  let failed = false;
  const step = async <T>(name: Step, work: () => Promise<{ value: T; message: string }>): Promise<T | undefined> => {
    if (failed) return undefined;
    try {
      const { value, message } = await work();
      checks.push({ name, outcome: "ok", message, ...aboutOf(name) });
      return value;
    } catch (error) {
      failed = true;
      checks.push({ name, outcome: "failed", message: toConnectorError(error, name).message, ...aboutOf(name) });
      return undefined;
    }
  };
  const session = await step("Endpoints and credentials", async () => {
    const value = await AwsSession.open(
      { ...settings, maxAttempts: Math.min(2, settings.maxAttempts) },
      secrets,
      context,
    );
    return { value, message: "The endpoints may be reached and credentials are present." };
  });
  try {
    if (session) await trySteps(session, step);
  } finally {
    session?.close();
  }
  const done = new Set(checks.map((check) => check.name));
  const rest = STEPS.filter((name) => !done.has(name));
  const message = failed ? "Not reached: repair the step above first." : "There is no cluster to try it on.";
  return [
    ...checks,
    ...rest.map((name): ConnectionCheck => ({ name, outcome: "not_tested", message, ...aboutOf(name) })),
  ];
}

type RunStep = <T>(name: Step, work: () => Promise<{ value: T; message: string }>) => Promise<T | undefined>;

async function trySteps(session: AwsSession, step: RunStep): Promise<void> {
  await step("Identity", async () => {
    const { Arn } = await callerIdentity(session.hubClient(), session.limits);
    return { value: Arn, message: `Seawall signs in as ${Arn}.` };
  });
  const role = await step("Role", async () => {
    return { value: await session.assume(), message: `The role ${session.settings.roleArn} was taken on.` };
  });
  if (!role) return;
  const regions = await step("Regions", async () => {
    const value = await session.regions(role.credentials);
    return {
      value,
      message: `${value.length} ${value.length === 1 ? "region" : "regions"}: ${value.slice(0, 40).join(", ")}.`,
    };
  });
  if (!regions) return;
  const found = await step("Clusters", async () => {
    for (const region of regions) {
      const eks = new EksRegion(session, region, role.credentials);
      const name = (await eks.listClusters()).items[0];
      if (name !== undefined) return { value: { eks, name }, message: `The first cluster is ${name} in ${region}.` };
    }
    return { value: undefined, message: "No region holds a cluster." };
  });
  if (!found) return;
  await step("Cluster details", async () => {
    const { status, version } = await found.eks.describeCluster(found.name);
    return {
      value: status,
      message: `${found.name} runs ${version ?? "an unknown version"} (${status?.toLowerCase() ?? "no status"}).`,
    };
  });
}
