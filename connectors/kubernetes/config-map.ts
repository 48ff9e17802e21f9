import type { KubernetesClient } from "./client";
import { asConnectorError } from "./failure";
import { isAllowed } from "./review";

/**
 * The rights that opt in. Whoever may look around in a cluster may list ConfigMaps; the other verb is known to no API server, and so
 * given to nobody who was not meant to read what keys they hold. See docs/decisions/0016-config-maps.md.
 */
const VERBS = ["judge", "list"];

/** Whether the identity was given the right to judge ConfigMaps. Who can't be asked whether it may is taken not to be allowed. */
export async function mayJudgeConfigMaps(client: KubernetesClient): Promise<boolean> {
  try {
    for (const verb of VERBS) if (!(await isAllowed(client, { verb, group: "", resource: "configmaps" }))) return false;
    return true;
  } catch (error) {
    asConnectorError(error, "selfsubjectaccessreviews");
    return false;
  }
}
