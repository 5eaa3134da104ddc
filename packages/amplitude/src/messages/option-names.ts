import { explainedOn, unknownOptions } from "@sortition/core/internal";
import type { ClientLog } from "./logging.js";

const HINTS = /* @__PURE__ */ explainedOn("/vendors/amplitude.md");

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
  const prefix = owner === undefined ? "" : `${owner}.`;
  for (const { option, hint } of unknownOptions(options, known, HINTS)) {
    log.mistake(`[Experiment] ${prefix}${option}: unknown option${hint}`);
  }
  for (const [option, value] of Object.entries(options)) {
    if (!/Url$/.test(option) || typeof value !== "string" || value.trim() !== "") continue;
    const advice = "is the environment variable that holds it set?";
    log.mistake(
      `[Experiment] ${prefix}${option} is blank, so the vendor's address is used: ${advice}`,
    );
  }
}
