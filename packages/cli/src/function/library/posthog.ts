import { posthog } from "@sortition/posthog/dialect";
import { posthogJudge } from "../../dialects/posthog/judge.js";
import type { RowEngine } from "./engine.js";
import { preparing } from "./prepare.js";

/** Prepares a configuration of this dialect, given as the JSON of its parts. */
export const prepare: (parts: string) => RowEngine = preparing(posthog(), {
  judge: posthogJudge,
  valueType: null,
});
