import { redirect } from "next/navigation";
import { SETTINGS_SECTIONS } from "./sections";

/** Settings have no page of their own: the first section is where one lands. */
export default function SettingsPage() {
  redirect(SETTINGS_SECTIONS[0]?.href ?? "/");
}
