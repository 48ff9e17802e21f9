import type { Entered, Settings } from "../connection";

/** What is edited; the rest of a connection stays as it is. */
export interface Changes {
  settings?: Settings;
  secrets?: Entered["secrets"];
}
export const changing =
  ({ settings = {}, secrets = {} }: Changes) =>
  (stored: Settings): Entered => ({ settings: { ...stored, ...settings }, secrets });
