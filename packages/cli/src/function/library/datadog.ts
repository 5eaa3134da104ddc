import { datadog } from "@sortition/datadog/dialect";
import { eppoRules } from "../../dialects/eppo/rules.js";
import type { RowEngine } from "./engine.js";
import { preparing } from "./prepare.js";

/** Prepares a configuration of this dialect from the JSON of its parts. */
export const prepare: (parts: string) => RowEngine = preparing(datadog(), {
  rules: eppoRules,
  valueType: null,
});
