import { loadError } from "../../configuration/load.js";
import type { Configuration } from "../../model/configuration.js";
import type { Steps } from "../../model/steps.js";
import type { Clock } from "../../runtime/clock.js";
import { type Diagnostics, SILENT_DIAGNOSTICS } from "../../runtime/diagnostics.js";
import { runWhenIdle } from "../../runtime/slices.js";

/**
 * Decodes a configuration in the background, so that broken flags are reported before they are evaluated. Requests do
 * not pay for it, and it does not keep the process alive. Does not throw.
 *
 * @returns a function that ends the inspection, or `null` if diagnostics are silent, so that nothing is inspected.
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
    // A dialect that throws here has already compiled the configuration, which stays in use.
    (cause) => {
      const { code, message } = loadError(cause);
      diagnostics.warn("configuration cannot be inspected", { code, reason: message });
    },
  );
}

/** Our own generator, so that the first call to the dialect is also guarded. */
function* inspect(configuration: Configuration): Steps<void> {
  yield* configuration.inspect();
}
