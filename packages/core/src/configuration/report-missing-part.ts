import { errorFacts } from "../errors/errors.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import type { Failure } from "./origin.js";

/** Reports an optional part that is missing. The next attempt requests it again. */
export function reportMissingPart({ error, part }: Failure, diagnostics: Diagnostics): void {
  const { code, reason, ...status } = errorFacts(error);
  const facts = part === undefined ? { code } : { code, part };
  diagnostics.warn("optional part not loaded", { ...facts, ...status, reason });
}
