import { eppo } from "@sortition/core/eppo";
import { eppoJudge } from "../../dialects/eppo/judge.js";
import type { RowEngine } from "./engine.js";
import { preparing } from "./prepare.js";

/** Prepares a configuration of this dialect, given as the JSON of its parts. */
export const prepare: (parts: string) => RowEngine = preparing(eppo(), {
  judge: eppoJudge,
  valueType: null,
});
