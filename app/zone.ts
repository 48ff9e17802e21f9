import "server-only";
import { cookies } from "next/headers";
import { cache } from "react";
import { env } from "@/lib/env";

/** The reader's time zone: what their browser said last (components/reader-zone.tsx), else the organisation's. */
export const readerZone = cache(async (): Promise<string> => {
  const said = (await cookies()).get("seawall-zone")?.value;
  if (said === undefined || said.length > 64) return env().SEAWALL_TIME_ZONE;
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: said }).resolvedOptions().timeZone;
  } catch {
    return env().SEAWALL_TIME_ZONE; // no zone of that name: a cookie from elsewhere
  }
});
