import type { ScalarAttributes } from "../model/attributes.js";

/** Attributes as Eppo's rules and bandits understand them: without nesting. */
export type EppoAttributes = ScalarAttributes;
