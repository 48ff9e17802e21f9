const IDENTITY_HOSTS = "SEAWALL_IDENTITY_HOSTS";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether the worker's own identity (a workload identity token, the machine's cloud credentials) may be sent to an address. Who edits
 * accounts must not be able to send it to a server of theirs: it goes to the cloud's own hosts, over certificates of the public
 * authorities, and to the hosts that the operator's environment lists.
 */
export function mayReceiveIdentity(
  url: string,
  cloudHosts: (host: string) => boolean,
  account: { caBundle?: string | undefined },
  environment: Environment = process.env,
): boolean {
  const { protocol, host } = new URL(url);
  if ((environment[IDENTITY_HOSTS] ?? "").split(",").includes(host)) return true;
  return protocol === "https:" && account.caBundle === undefined && cloudHosts(host);
}

/** What a person is told when it may not. */
export const identityRefusal = (url: string): string =>
  `The worker's own identity is not sent to ${new URL(url).host}. Remove the account's own address and CA bundle, use a stored secret, or let the operator list the host in ${IDENTITY_HOSTS}.`;
