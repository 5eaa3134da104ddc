import {
  DOCUMENTATION_URL,
  foreignAdvice,
  type OptionHints,
  unknownOptions,
} from "@sortition/core/internal";
import type { ClientLog } from "./logging.js";

/** Option names of other SDKs, and names of arguments. */
const HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/vendors/amplitude.md`,
  foreign: foreignAdvice,
  names: {
    apiKey: "the first argument of Experiment.initializeLocal and initializeRemote",
    deploymentKey: "the first argument of Experiment.initializeLocal and initializeRemote",
    pollingIntervalMs: "use flagConfigPollingIntervalMillis",
    pollIntervalMs: "use flagConfigPollingIntervalMillis",
    timeout: "use fetchTimeoutMillis",
    retries: "use fetchRetries",
    assignmentLogger: "use exposureLogger",
    user: "pass it to each call, such as evaluateV2({ user_id })",
    userId: "pass it to each call, such as evaluateV2({ user_id })",
  },
};

/**
 * Warns about unknown options. The vendor's SDK ignores them silently, so a program that migrates
 * must keep running.
 *
 * @param owner - the option that contains these options. Absent for the options themselves.
 */
export function warnOfUnknownOptions(
  options: object,
  known: readonly string[],
  log: ClientLog,
  owner?: string,
): void {
  const hints = owner === undefined ? HINTS : undefined;
  const prefix = owner === undefined ? "" : `${owner}.`;
  for (const { option, hint } of unknownOptions(options, known, () => hints)) {
    log.mistake(`[Experiment] unknown option ${prefix}${option}${hint}`);
  }
  for (const [option, value] of Object.entries(options)) {
    if (!/Url$/.test(option) || typeof value !== "string" || value.trim() !== "") continue;
    const advice = "is the environment variable that holds it set?";
    log.mistake(
      `[Experiment] ${prefix}${option} is blank, so the vendor's address is used: ${advice}`,
    );
  }
}
