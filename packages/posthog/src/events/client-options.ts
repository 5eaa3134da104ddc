import type { Diagnostics } from "@sortition/core";
import {
  booleanOption,
  explainedOn,
  requireFunction,
  requireMethods,
  unknownOptions,
} from "@sortition/core/internal";
import type { CaptureClientOptions } from "./capture-client-options.js";
import type { BeforeSend } from "./messages.js";

/** Options that have no effect in Node.js, as in the vendor's SDK. */
const IDLE: readonly string[] =
  /* @__PURE__ */ "bootstrap persistence preloadFeatureFlags disableRemoteFeatureFlags disableRemoteConfig disableSurveys sessionExpirationTimeSeconds remoteConfigRequestTimeoutMs personProfiles addTracingHeaders".split(
    " ",
  );

/** Warnings for options of the vendor's SDK that this package does not support. */
const NOTES: Readonly<Record<string, string>> = {
  "this option is not supported":
    "logs appHost emailRequestTimeoutMs emailRequestMaxRetries migratedFrom enableFullAiCapture",
  "only the service name of this option is used": "metrics traces",
};

const HINTS = /* @__PURE__ */ explainedOn("/vendors/posthog.md");

/**
 * Warns once about each option that is not supported or unknown. It does not throw, because a program must still run after the migration.
 */
export function warnOfIdleOptions(
  options: object,
  known: readonly string[],
  diagnostics: Diagnostics,
): void {
  for (const { option, hint } of unknownOptions(options, [...known, ...IDLE], HINTS)) {
    const note = Object.keys(NOTES).find((it) => NOTES[it]?.split(" ").includes(option));
    diagnostics.warn(note ?? `${option}: unknown option${hint}`, { option });
  }
}

/** Boolean options that only this package has. */
const OWN_BOOLEANS = [
  ...(["send", "syncMode", "logCapturedExceptions", "captureExceptionCodeVariables"] as const),
];

/**
 * Checks the options that the vendor does not have.
 *
 * @throws OptionError that names the option with a wrong type.
 */
export function checkOwnOptions(options: CaptureClientOptions): void {
  for (const name of OWN_BOOLEANS) booleanOption(name, options[name], false);
  requireFunction("onError", options.onError);
  requireMethods(
    "dispatcher",
    options.dispatcher,
    ["dispatch"],
    ", such as new Agent() from undici",
  );
  for (const hook of listOf(options.beforeSend)) requireFunction("beforeSend", hook);
}

/** Returns the `before_send` hooks under either name, as a list. */
export function hooksOf(options: CaptureClientOptions): readonly BeforeSend[] {
  return listOf(options.before_send ?? options.beforeSend);
}

function listOf(hooks: CaptureClientOptions["before_send"]): readonly BeforeSend[] {
  if (hooks === undefined) return [];
  return Array.isArray(hooks) ? [...hooks] : [hooks];
}
