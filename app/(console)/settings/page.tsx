import { redirect } from "next/navigation";
import { requireScope } from "@/domain/access/session";
import { sectionsFor } from "./sections";

/** Settings have no page of their own: one lands on the first section that one may open. */
export default async function SettingsPage() {
  redirect(sectionsFor(await requireScope())[0]?.href ?? "/");
}
