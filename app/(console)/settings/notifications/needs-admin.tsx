import { CouldNotLook } from "@/components/empty";
import { type AccountScope, hasRole } from "@/domain/access/scope";

/** Settings of mail concern the whole installation. */
export const mayManage = (scope: AccountScope): boolean => hasRole(scope, "Security Admin");

/** Shown to whom the page is not for; the queries refuse as well. */
export function NeedsAdmin() {
  return <CouldNotLook>This needs the role Security Admin on everything. Ask an Owner for it.</CouldNotLook>;
}
