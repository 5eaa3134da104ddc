import { loadError } from "../../configuration/load.js";
import type { Configuration } from "../../model/configuration.js";
import type { Steps } from "../../model/steps.js";
import type { Clock } from "../../runtime/clock.js";
import { type Diagnostics, SILENT_DIAGNOSTICS } from "../../runtime/diagnostics.js";
import { runWhenIdle } from "../../runtime/slices.js";

/**
 * Decodes a configuration in the background, so that broken flags are reported before they are
 * evaluated. No request pays for it, and no process is held. Does not throw.
 *
 * @returns ends it; `null`: nobody would hear of it.
 */
export function inspectWhenIdle(
  configuration: Configuration,
  clock: Clock,
  diagnostics: Diagnostics,
): (() => void) | null {
  if (diagnostics === SILENT_DIAGNOSTICS) return null;
  return runWhenIdle(
    inspect(configuration),
    clock,
    () => {
      const [first] = configuration.issues;
      if (first === undefined) return;
      const { path, message: problem } = first;
      const { found } = configuration.issueCount;
      diagnostics.warn("configuration has issues", { found, path, problem });
    },
    // A dialect that throws here has already compiled the configuration, which goes on being served.
    (cause) => {
      const { code, message } = loadError(cause);
      diagnostics.warn("configuration cannot be inspected", { code, reason: message });
    },
  );
}

/** In a generator of our own, so that a dialect's first call is made inside the guarded slice. */
function* inspect(configuration: Configuration): Steps<void> {
  yield* configuration.inspect();
}
