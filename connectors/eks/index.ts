import { toConnectorError } from "@/connectors/aws/error";
import { AwsSession } from "@/connectors/aws/session";
import { type Connector, ConnectorError } from "@/connectors/connector";
import { openAccess } from "./access";
import { discoverClusters } from "./discover";
import { permissions } from "./permissions";
import { type EksSettings, eksSecretFields, eksSettingsSchema } from "./schema";
import { testConnection } from "./test-connection";

/** Amazon EKS. Every method rejects with ConnectorError only. */
export const connector: Connector<EksSettings> = {
  distribution: "eks",
  provider: "aws",
  schema: eksSettingsSchema,
  secretFields: eksSecretFields,
  permissions,
  async discover(settings, secrets, context, known) {
    const session = await AwsSession.open(settings, secrets, context);
    try {
      const discovery = await discoverClusters(session, known);
      if (!context.signal.aborted) return discovery;
      throw new ConnectorError({ code: "timeout", what: "eks:ListClusters", message: "The discovery was stopped." });
    } catch (error) {
      throw toConnectorError(error, "eks:ListClusters");
    } finally {
      session.close();
    }
  },
  access: openAccess,
  test: testConnection,
};
