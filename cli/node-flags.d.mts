export const CHECK_FLAGS: readonly string[];
