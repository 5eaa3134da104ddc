import type { EvaluationContext, TrackingEventDetails } from "@openfeature/server-sdk";
import type { BanditActions } from "@sortition/core";
import { OptionError, rejectUnknownOptions, requireMethods } from "@sortition/core/dialect";
import type { ResolutionOptions } from "../resolution/resolve.js";
import type { ProviderClient } from "./client.js";

/** The actions that the bandit behind a flag chooses from; `null` or `undefined`: the flag has none. */
export type BanditActionsOf = (
  flagKey: string,
  context: EvaluationContext,
) => BanditActions | null | undefined;

/** Passes a tracking event on, e.g. to an analytics library. The SDK logs what it throws. */
export type Track = (
  name: string,
  context: EvaluationContext,
  details: TrackingEventDetails,
) => void;

/** Options of a provider. */
export interface SortitionProviderOptions extends ResolutionOptions {
  /** Stands for a targeting key that the context has not. */
  readonly defaultTargetingKey?: string;
  /** Asked by the object getter. */
  readonly banditActions?: BanditActionsOf;
  /** Receives what `client.track` of the SDK is called with. Default: tracking is not passed on. */
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

/** @throws OptionError for an unknown option or a bad value. */
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

/** @throws OptionError if it is not a client, or a closed one. */
export function checkClient(client: ProviderClient): ProviderClient {
  requireMethods("client", client ?? null, METHODS);
  if (client.status.state === "closed") throw new OptionError("client", "is closed");
  return client;
}
