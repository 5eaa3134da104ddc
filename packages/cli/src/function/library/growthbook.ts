import { growthbook } from "@sortition/growthbook/dialect";
import { growthbookRules } from "../../dialects/growthbook/rules.js";
import type { RowEngine } from "./engine.js";
import { preparing } from "./prepare.js";

/** Prepares a configuration of this dialect from the JSON of its parts. */
export const prepare: (parts: string) => RowEngine = preparing(growthbook(), {
  rules: growthbookRules,
  valueType: null,
});
