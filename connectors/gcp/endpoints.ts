import { lookup } from "node:dns/promises";
import { assertAllowedUrl } from "@/lib/outbound";
import { toConnectorError } from "./error";

/** What a GCP account says about where Google is. */
export interface GcpEndpoints {
  universeDomain: string;
  tokenUrl?: string | undefined;
  impersonationUrl?: string | undefined;
  apiEndpoint?: string | undefined;
  port: number;
}

export const tokenUrlOf = (settings: GcpEndpoints): string =>
  settings.tokenUrl ?? `https://sts.${settings.universeDomain}/v1/token`;

export const impersonationUrlOf = (settings: GcpEndpoints, email: string): string => {
  const base = settings.impersonationUrl ?? `https://iamcredentials.${settings.universeDomain}`;
  return `${base.replace(/\/+$/, "")}/v1/projects/-/serviceAccounts/${encodeURIComponent(email)}:generateAccessToken`;
};

export const apiHostOf = (settings: GcpEndpoints): string =>
  settings.apiEndpoint ?? `container.${settings.universeDomain}`;

/**
 * Checks every address of an https URL and returns one of them, to connect to exactly what was checked. Rejects with
 * ConnectorError.
 */
export async function pinnedAddress(url: string, allowPrivate: boolean, what: string): Promise<string> {
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : "";
  let pinned = host;
  const resolve = async (name: string): Promise<string[]> => {
    const found = await lookup(name, { all: true, verbatim: true });
    // gRPC gets just one, so the family that works everywhere goes first.
    pinned = (found.find((entry) => entry.family === 4) ?? found[0])?.address ?? name;
    return found.map((entry) => entry.address);
  };
  try {
    await assertAllowedUrl(url, { allowPrivate, resolve });
  } catch (error) {
    throw toConnectorError(error, what);
  }
  return pinned;
}
