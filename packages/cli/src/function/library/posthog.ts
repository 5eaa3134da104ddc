import { posthog } from "@sortition/posthog/dialect";
import { posthogRules } from "../../dialects/posthog/rules.js";
import type { RowEngine } from "./engine.js";
import { preparing } from "./prepare.js";

/** Prepares a configuration of this dialect from the JSON of its parts. */
export const prepare: (parts: string) => RowEngine = preparing(posthog(), {
  rules: posthogRules,
  valueType: null,
});
