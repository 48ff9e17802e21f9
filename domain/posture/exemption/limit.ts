/** Targets of one exemption at most: what a person can select and another can look through. Apart from the schema, for the browser. */
export const MOST_TARGETS = 500;
