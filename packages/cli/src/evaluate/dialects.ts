import type { EvaluateDialect } from "./dialect.js";
import { eppo } from "./eppo.js";

/** All dialects that can be evaluated; a new one is one more entry. */
export const DIALECTS: readonly EvaluateDialect[] = [eppo];
