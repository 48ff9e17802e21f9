import { z } from "zod";

/**
 * An id that a person or a program gives, as PostgreSQL tells it back: in small letters, so that what is compared, hashed or counted by it
 * is the same however it was written.
 */
export const uuid = (problem?: string) => z.uuid(problem).toLowerCase();
