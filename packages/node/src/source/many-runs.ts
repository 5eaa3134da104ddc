import type { ConfigurationOrigin, Diagnostics } from "@sortition/core/internal";

/** A larger number of clients with one key is reported. A program needs one, and has two while it replaces that one. */
const USUAL_CLIENTS = 4;

interface Run {
  readonly origin: ConfigurationOrigin;
  /** Scope of the origin. Read late, because the first scope loads `node:crypto`. */
  scope: string | null;
}

const runs = new Set<Run>();
/** Scopes that were reported. */
const reported = new Set<string>();

/**
 * Counts a run that asks an origin, and warns once when there are many with its address and key: each polls for itself.
 *
 * @returns ends the count of this run.
 */
export function countRun(origin: ConfigurationOrigin, diagnostics: Diagnostics): () => void {
  const run: Run = { origin, scope: null };
  runs.add(run);
  if (runs.size > USUAL_CLIENTS) warnOfMany(origin.scope, diagnostics);
  return () => {
    runs.delete(run);
    if (runs.size === 0) reported.clear();
  };
}

function warnOfMany(scope: string, diagnostics: Diagnostics): void {
  if (reported.has(scope)) return;
  let count = 0;
  for (const run of runs) {
    run.scope ??= run.origin.scope;
    if (run.scope === scope) count += 1;
  }
  if (count <= USUAL_CLIENTS) return;
  reported.add(scope);
  const cause = "many clients of one key";
  const fact = `${count} clients of this process poll the same configuration`;
  const advice = "make one per process and share it, or give all of them one source";
  diagnostics.warn(`${cause}: ${fact}; ${advice}`, { cause });
}
