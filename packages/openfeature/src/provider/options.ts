import type { EvaluationContext, TrackingEventDetails } from "@openfeature/server-sdk";
import type { BanditActions } from "@sortition/core";
import { OptionError, rejectUnknownOptions, requireMethods } from "@sortition/core/dialect";
import type { ResolutionOptions } from "../resolution/resolve.js";
import type { ProviderClient } from "./client.js";

/** Returns the actions that a flag's bandit chooses from; `null` or `undefined` if the flag has no bandit. */
export type BanditActionsOf = (
  flagKey: string,
  context: EvaluationContext,
) => BanditActions | null | undefined;

/** Passes a tracking event on, for example to an analytics library. The SDK logs any error that it throws. */
export type Track = (
  name: string,
  context: EvaluationContext,
  details: TrackingEventDetails,
) => void;

/** Options of a provider. */
export interface SortitionProviderOptions extends ResolutionOptions {
  /** Targeting key for contexts that have none. */
  readonly defaultTargetingKey?: string;
  /** Called by the object getter. */
  readonly banditActions?: BanditActionsOf;
  /** Receives the arguments of the SDK's `client.track`. Default: tracking events are dropped. */
  readonly track?: Track;
}

const NAMES = [
  "banditActions",
  "defaultTargetingKey",
  "metadata",
  "omitContextId",
  "staleReason",
  "track",
] as const satisfies readonly (keyof SortitionProviderOptions)[];

const SCOPES: readonly unknown[] = [undefined, "all", "vendor", "none"];

/** @throws OptionError if an option is unknown or invalid. */
export function checkOptions(options: SortitionProviderOptions): SortitionProviderOptions {
  rejectUnknownOptions(options, NAMES);
  const { banditActions, defaultTargetingKey, metadata, omitContextId, staleReason, track } =
    options;
  if (!SCOPES.includes(metadata)) {
    throw new OptionError("metadata", 'expected "all", "vendor" or "none"');
  }
  for (const [name, value] of Object.entries({ banditActions, track })) {
    if (value !== undefined && typeof value !== "function") {
      throw new OptionError(name, "expected a function");
    }
  }
  if (
    defaultTargetingKey !== undefined &&
    (typeof defaultTargetingKey !== "string" || defaultTargetingKey === "")
  ) {
    throw new OptionError("defaultTargetingKey", "expected a non-empty string");
  }
  for (const [name, value] of Object.entries({ omitContextId, staleReason })) {
    if (value !== undefined && typeof value !== "boolean") {
      throw new OptionError(name, "expected a boolean");
    }
  }
  return { ...options };
}

const METHODS = [
  "evaluate",
  "getBanditActionDetails",
  "getConfiguration",
  "waitForInitialization",
  "on",
  "close",
] as const satisfies readonly (keyof ProviderClient)[];

/** @throws OptionError if the value is not a client, or is a closed one. */
export function checkClient(client: ProviderClient): ProviderClient {
  if (client instanceof Promise) {
    throw new OptionError("client", "await it: new SortitionProvider(await init(…))");
  }
  requireMethods("client", client ?? null, METHODS);
  if (client.status.state === "closed") throw new OptionError("client", "is closed");
  return client;
}
