import type {
  AliasMessage,
  ContextData,
  ContextOptions,
  GroupIdentifyMessage,
  IdentifyMessage,
  Properties,
  SetPersonPropertiesMessage,
  UnsetPersonPropertiesMessage,
  VendorEventMessage,
} from "../events/messages.js";
import type { AllFlagsOptions, FlagEvaluationOptions } from "../flags/evaluation-options.js";
import type { FeatureFlagEvaluations } from "../flags/feature-flag-evaluations.js";
import type { FeatureFlagResult } from "../flags/flag-results.js";
import type { FlagsAndPayloads } from "../flags/flags.js";
import type { OverrideFeatureFlagsOptions } from "../flags/overrides.js";
import type { FeatureFlagValue, JsonType } from "../source/json.js";

/** The methods of a client, with the vendor's signatures: for code whose tests give it a substitute. */
export interface IPostHog {
  /** Captures an event. */
  capture(message: VendorEventMessage): void;
  /** Captures an event by a request of its own. */
  captureImmediate(message: VendorEventMessage): Promise<void>;
  /** Captures what was thrown. */
  captureException(
    error: unknown,
    distinctId?: string,
    additionalProperties?: Properties,
    uuid?: string,
    flags?: FeatureFlagEvaluations,
  ): void;
  /** Captures what was thrown, by a request of its own. */
  captureExceptionImmediate(
    error: unknown,
    distinctId?: string,
    additionalProperties?: Properties,
    flags?: FeatureFlagEvaluations,
  ): Promise<void>;
  /** Sets properties of a person. */
  identify(message: IdentifyMessage): void;
  /** Sets properties of a person by a request of its own. */
  identifyImmediate(message: IdentifyMessage): Promise<void>;
  /** Sets properties of a person. */
  setPersonProperties(message: SetPersonPropertiesMessage): void;
  /** Removes properties of a person. */
  unsetPersonProperties(message: UnsetPersonPropertiesMessage): void;
  /** Gives a person another name. */
  alias(data: AliasMessage): void;
  /** Gives a person another name by a request of its own. */
  aliasImmediate(data: AliasMessage): Promise<void>;
  /** Whether a flag is on. */
  isFeatureEnabled(
    key: string,
    distinctId: string,
    options?: FlagEvaluationOptions,
  ): Promise<boolean | undefined>;
  /** The value of a flag. */
  getFeatureFlag(
    key: string,
    distinctId: string,
    options?: FlagEvaluationOptions,
  ): Promise<FeatureFlagValue | undefined>;
  /** The payload of a flag. */
  getFeatureFlagPayload(
    key: string,
    distinctId: string,
    matchValue?: FeatureFlagValue,
    options?: FlagEvaluationOptions,
  ): Promise<JsonType | undefined>;
  /** The values of all flags. */
  getAllFlags(options?: AllFlagsOptions): Promise<Record<string, FeatureFlagValue>>;
  /** The values of all flags of a person. */
  getAllFlags(
    distinctId: string,
    options?: AllFlagsOptions,
  ): Promise<Record<string, FeatureFlagValue>>;
  /** The values and payloads of all flags. */
  getAllFlagsAndPayloads(options?: AllFlagsOptions): Promise<Partial<FlagsAndPayloads>>;
  /** The values and payloads of all flags of a person. */
  getAllFlagsAndPayloads(
    distinctId: string,
    options?: AllFlagsOptions,
  ): Promise<Partial<FlagsAndPayloads>>;
  /** Value and payload of a flag. */
  getFeatureFlagResult(
    key: string,
    options?: FlagEvaluationOptions,
  ): Promise<FeatureFlagResult | undefined>;
  /** Value and payload of a flag for a person. */
  getFeatureFlagResult(
    key: string,
    distinctId: string,
    options?: FlagEvaluationOptions,
  ): Promise<FeatureFlagResult | undefined>;
  /** Evaluates flags once. */
  evaluateFlags(options?: AllFlagsOptions): Promise<FeatureFlagEvaluations>;
  /** Evaluates the flags of a person once. */
  evaluateFlags(distinctId: string, options?: AllFlagsOptions): Promise<FeatureFlagEvaluations>;
  /** Sets properties of a group. */
  groupIdentify(message: GroupIdentifyMessage): void;
  /** Sets properties of a group by a request of its own. */
  groupIdentifyImmediate(message: GroupIdentifyMessage): Promise<void>;
  /** Loads the definitions now. */
  reloadFeatureFlags(): Promise<void>;
  /** Replaces values and payloads of flags. */
  overrideFeatureFlags(overrides: OverrideFeatureFlagsOptions): void;
  /** Runs a function with values for all events in it. */
  withContext<T>(data: Partial<ContextData>, fn: () => T, options?: ContextOptions): T;
  /** Sets values for all events that follow. */
  enterContext(data: Partial<ContextData>, options?: ContextOptions): void;
  /** The values of the context. */
  getContext(): ContextData | undefined;
  /** Sends what is left, and ends. */
  shutdown(shutdownTimeoutMs?: number): Promise<void>;
  /** Waits until flags can be evaluated locally. */
  waitForLocalEvaluationReady(timeoutMs?: number): Promise<boolean>;
  /** Whether flags can be evaluated locally. */
  isLocalEvaluationReady(): boolean;
}
