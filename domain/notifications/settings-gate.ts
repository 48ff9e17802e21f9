import { type AccountScope, requireRole } from "@/domain/access/scope";

/** Settings of mail concern the whole installation: Security Admin on everything. Throws ForbiddenError. */
export const requireSettings = (scope: AccountScope): void => requireRole(scope, "Security Admin");
