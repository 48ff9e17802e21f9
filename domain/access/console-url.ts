import { env } from "@/lib/env";

/** Base address at which people reach the console, without a slash at its end. */
export function consoleUrl(): string {
  const { SEAWALL_URL, HOST, PORT } = env();
  return (SEAWALL_URL ?? `http://${HOST === "0.0.0.0" ? "127.0.0.1" : HOST}:${PORT}`).replace(/\/$/, "");
}
