// The sets of the SDK, which a test compares them with: the SDK itself is too large for what only describes an answer.
const PASSING = ["ACTIVE", "CREATING", "UPDATING", "DELETING"] as const;

export const CLUSTER_STATES = [...PASSING, "PENDING", "FAILED"] as const;
export const GROUP_STATES = [...PASSING, "CREATE_FAILED", "DELETE_FAILED", "DEGRADED"] as const;
export const ADDON_STATES = [...GROUP_STATES, "UPDATE_FAILED"] as const;

/** Types of images that EKS builds. What a group of type CUSTOM runs its launch template names, by an id that tells nothing. */
export const IMAGE_TYPE = /^(AL2|AL2023|BOTTLEROCKET|WINDOWS_(CORE|FULL)_\d{4})_/;
