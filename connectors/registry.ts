import type { Distribution } from "@/domain/inventory/schema";
import { connector as aks } from "./aks";
import { connector as arc } from "./arc";
import type { Connector } from "./connector";
import { connector as eks } from "./eks";
import { connector as gke } from "./gke";

/** The connector of each distribution; a missing one does not compile. Parse settings with its `schema` before calling it. */
export const connectors: Readonly<Record<Distribution, Connector>> = { aks, eks, gke, arc };
