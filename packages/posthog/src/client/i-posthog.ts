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

/**
 * The methods of a client with the vendor's signatures. Use it as a type in code that your tests call with a
 * substitute.
 */
export interface IPostHog {
  /** Captures an event. */
  capture(message: VendorEventMessage): void;
  /** Captures an event in a separate request. */
  captureImmediate(message: VendorEventMessage): Promise<void>;
  /** Captures a thrown value. */
  captureException(
    error: unknown,
    distinctId?: string,
    additionalProperties?: Properties,
    uuid?: string,
    flags?: FeatureFlagEvaluations,
  ): void;
  /** Captures a thrown value in a separate request. */
  captureExceptionImmediate(
    error: unknown,
    distinctId?: string,
    additionalProperties?: Properties,
    flags?: FeatureFlagEvaluations,
  ): Promise<void>;
  /** Sets properties of a person. */
  identify(message: IdentifyMessage): void;
  /** Sets properties of a person in a separate request. */
  identifyImmediate(message: IdentifyMessage): Promise<void>;
  /** Sets properties of a person. */
  setPersonProperties(message: SetPersonPropertiesMessage): void;
  /** Removes properties of a person. */
  unsetPersonProperties(message: UnsetPersonPropertiesMessage): void;
  /** Gives a person another identifier. */
  alias(data: AliasMessage): void;
  /** Gives a person another identifier in a separate request. */
  aliasImmediate(data: AliasMessage): Promise<void>;
  /** Returns whether a flag is on. */
  isFeatureEnabled(
    key: string,
    distinctId: string,
    options?: FlagEvaluationOptions,
  ): Promise<boolean | undefined>;
  /** Returns the value of a flag. */
  getFeatureFlag(
    key: string,
    distinctId: string,
    options?: FlagEvaluationOptions,
  ): Promise<FeatureFlagValue | undefined>;
  /** Returns the payload of a flag. */
  getFeatureFlagPayload(
    key: string,
    distinctId: string,
    matchValue?: FeatureFlagValue,
    options?: FlagEvaluationOptions,
  ): Promise<JsonType | undefined>;
  /** Returns the values of all flags. */
  getAllFlags(options?: AllFlagsOptions): Promise<Record<string, FeatureFlagValue>>;
  /** Returns the values of all flags for a person. */
  getAllFlags(
    distinctId: string,
    options?: AllFlagsOptions,
  ): Promise<Record<string, FeatureFlagValue>>;
  /** Returns the values and payloads of all flags. */
  getAllFlagsAndPayloads(options?: AllFlagsOptions): Promise<Partial<FlagsAndPayloads>>;
  /** Returns the values and payloads of all flags for a person. */
  getAllFlagsAndPayloads(
    distinctId: string,
    options?: AllFlagsOptions,
  ): Promise<Partial<FlagsAndPayloads>>;
  /** Returns value and payload of a flag. */
  getFeatureFlagResult(
    key: string,
    options?: FlagEvaluationOptions,
  ): Promise<FeatureFlagResult | undefined>;
  /** Returns value and payload of a flag for a person. */
  getFeatureFlagResult(
    key: string,
    distinctId: string,
    options?: FlagEvaluationOptions,
  ): Promise<FeatureFlagResult | undefined>;
  /** Evaluates flags once. */
  evaluateFlags(options?: AllFlagsOptions): Promise<FeatureFlagEvaluations>;
  /** Evaluates flags once for a person. */
  evaluateFlags(distinctId: string, options?: AllFlagsOptions): Promise<FeatureFlagEvaluations>;
  /** Sets properties of a group. */
  groupIdentify(message: GroupIdentifyMessage): void;
  /** Sets properties of a group in a separate request. */
  groupIdentifyImmediate(message: GroupIdentifyMessage): Promise<void>;
  /** Loads the definitions immediately. */
  reloadFeatureFlags(): Promise<void>;
  /** Overrides values and payloads of flags. */
  overrideFeatureFlags(overrides: OverrideFeatureFlagsOptions): void;
  /** Runs a function in a context with these values. */
  withContext<T>(data: Partial<ContextData>, fn: () => T, options?: ContextOptions): T;
  /** Sets values for all later events. */
  enterContext(data: Partial<ContextData>, options?: ContextOptions): void;
  /** Returns the values of the context. */
  getContext(): ContextData | undefined;
  /** Sends the remaining events and stops the client. */
  shutdown(shutdownTimeoutMs?: number): Promise<void>;
  /** Waits until flags can be evaluated locally. */
  waitForLocalEvaluationReady(timeoutMs?: number): Promise<boolean>;
  /** Returns whether flags can be evaluated locally. */
  isLocalEvaluationReady(): boolean;
}
