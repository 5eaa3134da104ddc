import { amplitude } from "@sortition/amplitude/dialect";
import { amplitudeJudge } from "../../dialects/amplitude/judge.js";
import type { RowEngine } from "./engine.js";
import { preparing } from "./prepare.js";

/** Prepares a configuration of this dialect, given as the JSON of its parts. */
export const prepare: (parts: string) => RowEngine = preparing(amplitude(), {
  judge: amplitudeJudge,
  valueType: "string",
});
