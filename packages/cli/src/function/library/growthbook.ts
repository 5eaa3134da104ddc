import { growthbook } from "@sortition/growthbook/dialect";
import { growthbookJudge } from "../../dialects/growthbook/judge.js";
import type { RowEngine } from "./engine.js";
import { preparing } from "./prepare.js";

/** Prepares a configuration of this dialect, given as the JSON of its parts. */
export const prepare: (parts: string) => RowEngine = preparing(growthbook(), {
  judge: growthbookJudge,
  valueType: null,
});
