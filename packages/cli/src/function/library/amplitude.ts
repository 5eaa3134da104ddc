import { amplitude } from "@sortition/amplitude/dialect";
import { amplitudeRules } from "../../dialects/amplitude/rules.js";
import type { RowEngine } from "./engine.js";
import { preparing } from "./prepare.js";

/** Prepares a configuration of this dialect from the JSON of its parts. */
export const prepare: (parts: string) => RowEngine = preparing(amplitude(), {
  rules: amplitudeRules,
  valueType: "string",
});
