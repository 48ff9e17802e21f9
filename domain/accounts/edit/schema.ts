import type { FormState } from "@/domain/access/schema";
import type { TestState } from "../schema";

/** What came of handing in an edit: a draft that is being tested, or a change that needed no test. */
export interface EditState extends FormState {
  draft?: string;
  /** The account's version once something was saved, from which the form goes on. */
  version?: string;
}

/** The test of a draft as its form polls it; `gone`: the draft was saved, replaced or is an hour old. */
export type DraftTest = Omit<TestState, "state"> & { state: TestState["state"] | "gone" };

/** Hours that a draft with its credentials is kept. */
export const DRAFT_HOURS = 1;
