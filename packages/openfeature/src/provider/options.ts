import type { EvaluationContext, TrackingEventDetails } from "@openfeature/server-sdk";
import type { BanditActions } from "@sortition/core";
import {
  boolean,
  callback,
  explainedOn,
  OptionError,
  type Readers,
  readOptions,
  requireMethods,
  string,
} from "@sortition/core/internal";
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
  readonly defaultTargetingKey?: string | undefined;
  /** Returns the actions of a bandit for `(flagKey, context)`, or `null`. Called by the object getter. */
  readonly banditActions?: BanditActionsOf | undefined;
  /** Receives `(name, context, details)` of each call of the SDK's `client.track`. Default: the calls do nothing. */
  readonly track?: Track | undefined;
}

const READERS = () =>
  ({
    banditActions: callback<BanditActionsOf>(": write (flagKey, context) => actions"),
    defaultTargetingKey: string(undefined),
    metadata: readScope,
    omitContextId: boolean(false),
    staleReason: boolean(false),
    track: callback<Track>(": write (name, context, details) => …"),
  }) satisfies Readers<SortitionProviderOptions>;

/** @throws OptionError if an option is unknown or invalid. */
export function checkOptions(options: SortitionProviderOptions): SortitionProviderOptions {
  readOptions(READERS(), options, undefined, explainedOn("/guides/openfeature.md"));
  return { ...options };
}

function readScope(path: string, value: unknown): unknown {
  if ([undefined, "all", "vendor", "none"].some((it) => it === value)) return value;
  throw new OptionError(path, 'expected "all", "vendor" or "none"');
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
  if (
    typeof client === "object" &&
    client !== null &&
    "client" in client &&
    !("evaluate" in client)
  ) {
    throw new OptionError(
      "client",
      "is an object with a client: write new SortitionProvider(client)",
    );
  }
  if (!("evaluate" in Object(client))) {
    const advice =
      client === undefined
        ? "the function returns none: write () => createClient({ … })"
        : "write new SortitionProvider(await init({ apiKey, … }))";
    throw new OptionError("client", `expected a client: ${advice}`);
  }
  requireMethods("client", client ?? null, METHODS);
  if (client.status.state === "closed") throw new OptionError("client", "is closed");
  return client;
}
