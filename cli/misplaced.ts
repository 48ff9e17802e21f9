import { minorOf } from "@/domain/inventory/api-version/standing";
import { apiTable, neverServed } from "@/domain/inventory/api-version/table";
import { CONFIG_MAPS, groupOf, LISTED_KINDS, type ListedKind } from "@/domain/inventory/schema";
import { nearest } from "@/lib/nearest";

/** Kinds of which it is known in which groups they are, and in no other. */
const PLACED_KINDS: readonly ListedKind[] = [...LISTED_KINDS, CONFIG_MAPS];

const OWN_GROUPS: ReadonlySet<string> = new Set(["extensions", ...LISTED_KINDS.map(({ apiGroup }) => apiGroup)]);
/** Groups of Kubernetes itself; others may call their kinds what they like. */
export const isOwnGroup = (group: string): boolean => OWN_GROUPS.has(group);

/** Before 1.16 workloads and ingresses stood in `extensions`; such manifests are still about. */
export const isGroupOf = (groups: ReadonlySet<string>, group: string): boolean =>
  groups.has(group) || group === "extensions";

/** What Kubernetes itself serves: its groups, and its kinds by their names in lower case. */
interface Served {
  groups: ReadonlySet<string>;
  kinds: ReadonlyMap<string, string>;
}
let served: Served | undefined;

function servedOnes(): Served {
  const pairs = [...apiTable().groupKinds].map((pair) => pair.split("/"));
  const closed = [...apiTable().kindsOf.values()].flatMap((kinds) => [...kinds]);
  const kinds = [...PLACED_KINDS.map(({ kind }) => kind), ...pairs.map(([, kind = ""]) => kind), ...closed];
  return {
    groups: new Set([...OWN_GROUPS, ...pairs.map(([group = ""]) => group)]),
    kinds: new Map(kinds.map((kind) => [kind.toLowerCase(), kind])),
  };
}

/** By what objects say of themselves and the release they are for: thousands of files say the same. */
const misplaced = new Map<string, string | null>();
/** Texts of strangers must not fill the memory. */
const MAX_MISPLACED = 1000;

/** Why an object of Kubernetes itself is none as it is written; null where it may be one, or is somebody else's. */
export function misplacement(apiVersion: string, kind: string, release: string | undefined): string | null {
  const key = `${release ?? ""} ${apiVersion} ${kind}`;
  const known = misplaced.get(key);
  if (known !== undefined) return known;
  const found = whyMisplaced(apiVersion, kind, release);
  if (misplaced.size < MAX_MISPLACED) misplaced.set(key, found);
  return found;
}

function whyMisplaced(apiVersion: string, kind: string, release: string | undefined): string | null {
  served ??= servedOnes();
  const group = groupOf(apiVersion);
  const meant = served.kinds.get(kind.toLowerCase());
  // Groups of others are names of domains.
  if (group.includes(".") && !served.groups.has(group)) return null;
  if (meant === undefined) return misspelt(kind, group) ?? unknownIn(group, kind, release);
  if (meant !== kind) return `kind is "${kind}"; Kubernetes calls it ${meant}.`;
  if (!served.groups.has(group)) return `apiVersion is "${apiVersion}"; Kubernetes has no group ${group}.`;
  const places = PLACED_KINDS.filter((one) => one.kind === kind);
  if (places.length > 0 && !isGroupOf(new Set(places.map(({ apiGroup }) => apiGroup)), group))
    return `apiVersion is "${apiVersion}"; Kubernetes has ${kind} in ${places[0]?.apiVersion}.`;
  return unheard(apiVersion, kind, release) ?? unknownIn(group, kind, release);
}

/** A kind that Kubernetes has not in a group of its own where one is written alike; null where none is. */
function misspelt(kind: string, group: string): string | null {
  const placed = PLACED_KINDS.filter(({ apiGroup }) => apiGroup === group).map((one) => one.kind);
  const near = isPassedOver(group, kind) ? null : nearest(kind, [...placed, ...(apiTable().kindsOf.get(group) ?? [])]);
  return near === null ? null : `kind is "${kind}", which Kubernetes does not have. Did you mean ${near}?`;
}

/**
 * Why nothing can be said of a version that the table has not, or not of this kind; null where it has, or the manifests are for a release
 * that it does not reach.
 */
function unheard(apiVersion: string, kind: string, release: string | undefined): string | null {
  const missing = neverServed(kind, apiVersion);
  const { newest } = apiTable();
  if (missing === null || isBeyond(release)) return null;
  return missing === "version"
    ? `apiVersion is "${apiVersion}"; Kubernetes up to 1.${newest} never had that version, so no control judges it.`
    : `apiVersion is "${apiVersion}"; no Kubernetes from 1.16 to 1.${newest} had ${kind} in that version, so no control judges it.`;
}

/** Whether manifests are for a release that the table does not reach. */
const isBeyond = (release: string | undefined): boolean => (minorOf(release) ?? 0) > apiTable().newest;

/** Why it is none of a group of Kubernetes itself of which all kinds are known; null where it may be one. */
function unknownIn(group: string, kind: string, release: string | undefined): string | null {
  const { kindsOf, newest } = apiTable();
  const kinds = kindsOf.get(group);
  if (kinds === undefined || kinds.has(kind) || isPassedOver(group, kind) || isBeyond(release)) return null;
  const place = group === "" ? "its core group" : `its group ${group}`;
  return `kind is "${kind}"; no Kubernetes from 1.16 to 1.${newest} had that kind in ${place}, so no control judges it.`;
}

/** What the API server answers with, in whichever group, and no manifest is. */
const ANSWERS: ReadonlySet<string> = new Set(["APIGroup", "APIResourceList", "APIVersions", "Status", "WatchEvent"]);
/** Kinds that OpenShift had in the core group before they got groups of their own; such manifests are still about. */
const OF_OPENSHIFT: ReadonlySet<string> = new Set(
  `AppliedClusterResourceQuota Build BuildConfig BuildLog BuildRequest ClusterNetwork ClusterResourceQuota ClusterRole ClusterRoleBinding
  DeploymentConfig DeploymentConfigRollback EgressNetworkPolicy Group HostSubnet Identity Image ImageSignature ImageStream
  ImageStreamImage ImageStreamImport ImageStreamMapping ImageStreamTag IsPersonalSubjectAccessReview LocalResourceAccessReview
  LocalSubjectAccessReview NetNamespace OAuthAccessToken OAuthAuthorizeToken OAuthClient OAuthClientAuthorization PodSecurityPolicyReview
  PodSecurityPolicySelfSubjectReview PodSecurityPolicySubjectReview Policy PolicyBinding ProcessedTemplate Project ProjectRequest
  ResourceAccessReview Role RoleBinding RoleBindingRestriction Route SecurityContextConstraints SelfSubjectRulesReview
  SubjectAccessReview SubjectRulesReview Template User UserIdentityMapping`.split(/\s+/),
);
const isPassedOver = (group: string, kind: string): boolean =>
  kind.endsWith("List") || ANSWERS.has(kind) || (group === "" && OF_OPENSHIFT.has(kind));
