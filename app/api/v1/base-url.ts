import { env } from "@/lib/env";

/** The console's address as people reach it, without a slash at its end. */
export const baseUrl = (request: Request): string =>
  (env().SEAWALL_URL ?? new URL(request.url).origin).replace(/\/$/, "");
