import type { ConfigurationOrigin, Diagnostics } from "@sortition/core/internal";

/**
 * Number of clients with one key above which a warning is logged. A program needs one client, or two
 * while it replaces one with another.
 */
const USUAL_CLIENTS = 4;

interface Run {
  readonly origin: ConfigurationOrigin;
  /** Scope of the origin. Read on demand, because the first scope loads `node:crypto`. */
  scope: string | null;
}

const runs = new Set<Run>();
const reported = new Set<string>();

/**
 * Counts a run that polls an origin, and warns once if many runs poll the same address with the
 * same key, because each of them polls separately.
 *
 * @returns a function that stops counting this run.
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
  const advice = "create one per process and share it, or pass the same source to all of them";
  diagnostics.warn(`${cause}: ${fact}; ${advice}`, { cause });
}
