import { consoleDiagnostics, OptionError } from "@sortition/core";
import { messageOf } from "@sortition/core/internal";
import { PostHog } from "../client/posthog.js";
import type { PostHogOptions } from "../client/posthog-options.js";
import { Contexts } from "../context/contexts.js";
import type { BeforeSend } from "../events/messages.js";
import { given } from "./given.js";
import { settings } from "./settings.js";
import type { Settings } from "./settings-interface.js";

/** Settings that can be changed at any time. */
const LIVE: readonly (keyof Settings)[] = ["disabled", "debug", "defaultClient"];

/** The settings with which the client was created, and whether a later change was reported. */
let made: { readonly from: Settings; isReported: boolean } | null = null;

/** Contexts that are created before there is a client. The client that the first call creates continues them. */
const earlyContexts = /* @__PURE__ */ new Contexts();

/** Returns the contexts of the module functions, which are those of their client. */
export function moduleContexts(): Contexts {
  return settings.defaultClient?.contexts ?? earlyContexts;
}

/**
 * Returns the client of the module functions, which the first call creates.
 *
 * @throws OptionError for a setting with a wrong type.
 */
function globalClient(): PostHog {
  settings.defaultClient ??= create();
  reportLateChange();
  if (settings.defaultClient.isDebug !== settings.debug) {
    settings.defaultClient.debug(settings.debug);
  }
  return settings.defaultClient;
}

/**
 * Runs a function with the client. Unless `settings.debug` is on, an error is reported and the neutral value is
 * returned.
 *
 * @throws OptionError for a setting with a wrong type, even if `settings.debug` is off.
 */
export function withClient<T>(work: (client: PostHog) => T): T | undefined;
export function withClient<T>(work: (client: PostHog) => T, neutral: T): T;
export function withClient<T>(work: (client: PostHog) => T, neutral?: T): T | undefined {
  if (settings.disabled) return neutral;
  try {
    return work(globalClient());
  } catch (cause) {
    return failed(cause, neutral);
  }
}

/** Like {@link withClient}, for functions that return promises. Rejects instead of throwing. */
export function withClientLater<T>(work: (client: PostHog) => Promise<T>): Promise<T | undefined>;
export function withClientLater<T>(work: (client: PostHog) => Promise<T>, neutral: T): Promise<T>;
export async function withClientLater<T>(
  work: (client: PostHog) => Promise<T>,
  neutral?: T,
): Promise<T | undefined> {
  if (settings.disabled) return neutral;
  try {
    return await work(globalClient());
  } catch (cause) {
    return failed(cause, neutral);
  }
}

export function reportMistake(message: string): void {
  consoleDiagnostics().warn(message);
}

function failed<T>(cause: unknown, neutral: T): T {
  if (settings.debug || cause instanceof OptionError) throw cause;
  consoleDiagnostics().error("a module function failed", { reason: messageOf(cause) });
  return neutral;
}

/** Settings in seconds, which are milliseconds in the class. */
const SECONDS = ["pollInterval", "featureFlagsRequestTimeoutSeconds"] as const;

function create(): PostHog {
  made = { from: { ...settings }, isReported: false };
  for (const name of SECONDS) {
    const value: unknown = settings[name];
    if (typeof value === "number" && value > 0) continue;
    throw new OptionError(`settings.${name}`, "expected a number of seconds above 0");
  }
  const { apiKey, projectApiKey, pollInterval, superProperties, ...others } = settings;
  const { featureFlagsRequestTimeoutSeconds, debug: _, defaultClient: __, ...options } = others;
  const client = new PostHog(projectApiKey ?? apiKey ?? "", {
    // The class accepts the same hook with the vendor's type.
    ...given<PostHogOptions>({ ...options, beforeSend: options.beforeSend as BeforeSend | null }),
    featureFlagsPollingInterval: pollInterval * 1_000,
    featureFlagsRequestTimeoutMs: featureFlagsRequestTimeoutSeconds * 1_000,
  });
  client.contexts.continueFrom(earlyContexts);
  if (superProperties !== null) client.register(superProperties);
  return client;
}

function reportLateChange(): void {
  if (made === null || made.isReported) return;
  const { from } = made;
  const names = Object.keys(settings) as (keyof Settings)[];
  const changed = names.find((name) => !LIVE.includes(name) && settings[name] !== from[name]);
  if (changed === undefined) return;
  made.isReported = true;
  reportMistake(`settings.${changed} was changed after the first call, and has no effect`);
}
