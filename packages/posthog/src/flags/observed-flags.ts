import {
  DecodeError,
  type Diagnostics,
  type EvaluationObserver,
  type ObservedFacts,
  type Observers,
  observedEvaluation,
  observersOf,
} from "@sortition/core/internal";
import type { FeatureFlagValue } from "../source/json.js";
import type { RemoteAnswer } from "./flag-decisions.js";
import type { LocalFlags, LocalOutcome } from "./local-flags.js";
import type { FlagOverrides } from "./overrides.js";
import { type RemoteFlag, remoteValue } from "./remote-flags.js";

/** Sources that decide flags without the server. */
export interface ObservedPorts {
  readonly local: LocalFlags | null;
  readonly overrides: FlagOverrides;
}

/** The outcome of one evaluated flag. */
export interface ObservedFlag {
  readonly outcome: LocalOutcome | null;
  /** `null` if no request was sent. */
  readonly remote: RemoteAnswer | null;
}

/** The outcomes of flags that were evaluated together. */
export interface ObservedBulk {
  /** `undefined` for all flags. */
  readonly flagKeys: readonly string[] | undefined;
  readonly outcomes: ReadonlyMap<string, LocalOutcome>;
  readonly remote: RemoteAnswer | null;
  /** Whether the server's value replaces the local one. */
  readonly prefersRemote: boolean;
  /** Whether overrides apply. */
  readonly isOverridden: boolean;
}

type Result = Omit<ObservedFacts, "flagKey" | "subjectKey" | "dialect">;

/** Calls the `onEvaluation` observers for a client's flags. No method throws. */
export class ObservedFlags {
  readonly #observers: Observers;
  readonly #ports: ObservedPorts;

  constructor(observers: Observers, ports: ObservedPorts) {
    this.#observers = observers;
    this.#ports = ports;
  }

  /** Whether an observer is being called. Flags that it evaluates are not observed. */
  get isCalling(): boolean {
    return this.#observers.isCalling;
  }

  /** Reports a flag that an override decided. */
  overridden(flagKey: string, distinctId: unknown): void {
    this.#notify(flagKey, distinctId, overriddenResult(this.#ports.overrides, flagKey));
  }

  /** Reports an evaluated flag. */
  one(flagKey: string, distinctId: unknown, { outcome, remote }: ObservedFlag): void {
    const flag = remote?.answer?.flags.get(flagKey);
    const result =
      this.#localResult(outcome) ??
      (flag === undefined ? this.#miss(outcome, remote) : remoteResult(flag));
    this.#notify(flagKey, distinctId, result);
  }

  /** Reports a flag whose evaluation throws or rejects. */
  failed(flagKey: string, distinctId: unknown, cause: unknown): void {
    this.#notify(flagKey, distinctId, failure(cause instanceof DecodeError));
  }

  /** Reports each flag of a bulk call. */
  bulk(distinctId: unknown, bulk: ObservedBulk): void {
    const { flagKeys, isOverridden, outcomes, prefersRemote, remote } = bulk;
    const { local, overrides } = this.#ports;
    const overriding = isOverridden ? overrides.flags : null;
    const configuration = local?.configuration ?? null;
    const answered = remote?.answer?.flags;
    const keys = keysOf(flagKeys) ?? [
      ...(configuration?.flagKeys ?? []),
      ...(answered?.keys() ?? []),
      ...(overriding?.keys() ?? []),
    ];
    for (const key of new Set(keys)) {
      const outcome = outcomes.get(key) ?? null;
      const flag = answered?.get(key);
      const served = flag === undefined ? null : remoteResult(flag);
      const own = this.#localResult(outcome);
      const definition = outcome === null ? (configuration?.flag(key) ?? null) : null;
      const missing = (): Result =>
        definition === null ? this.#miss(outcome, remote) : failure(definition.definition === null);
      const decided = prefersRemote ? (served ?? own) : (own ?? served);
      const result = overriding?.has(key) ? overriddenResult(overrides, key) : decided;
      this.#notify(key, distinctId, { ...(result ?? missing()), isBulk: true });
    }
  }

  /** Reports each known flag of a bulk call that throws or rejects. */
  bulkFailed(distinctId: unknown, flagKeys: readonly string[] | undefined, cause: unknown): void {
    const keys = keysOf(flagKeys) ?? this.#ports.local?.configuration?.flagKeys ?? [];
    const result = { ...failure(cause instanceof DecodeError), isBulk: true };
    for (const key of new Set(keys)) this.#notify(key, distinctId, result);
  }

  #notify(flagKey: string, distinctId: unknown, result: Result): void {
    const subjectKey = typeof distinctId === "string" ? distinctId : "";
    this.#observers.notify(
      observedEvaluation({ ...result, flagKey, subjectKey, dialect: "posthog" }),
    );
  }

  /** Returns `null` if the flag was not decided locally. */
  #localResult(outcome: LocalOutcome | null): Result | null {
    if (outcome?.kind !== "value") return null;
    const evaluation = outcome.result.as(null);
    if (evaluation.kind !== "assigned") return null; // the value itself is always assigned
    const { allocation, exposure, reason, variation } = evaluation;
    return {
      value: outcome.result.value,
      variation,
      allocation,
      isDefault: false,
      reason,
      configurationRevision: this.#ports.local?.configuration?.revision ?? null,
      isExposure: exposure !== null,
    };
  }

  /** Returns why a flag has no value. */
  #miss(outcome: LocalOutcome | null, remote: RemoteAnswer | null): Result {
    if (outcome !== null) {
      const configurationRevision = this.#ports.local?.configuration?.revision ?? null;
      return { ...NOTHING, reason: "unresolved", configurationRevision };
    }
    if (remote !== null && remote.answer === null) return { ...NOTHING, reason: "unresolved" };
    const isReady = remote !== null || this.#ports.local?.configuration != null;
    return { ...NOTHING, reason: isReady ? "flag-not-found" : "not-initialized" };
  }
}

/**
 * Reads the option `onEvaluation`. Returns `null` if it is not set.
 *
 * @throws OptionError unless it is a function or a list of functions.
 */
export function observedFlags(
  onEvaluation: EvaluationObserver | readonly EvaluationObserver[] | undefined,
  ports: ObservedPorts,
  diagnostics: Diagnostics,
): ObservedFlags | null {
  const observers = observersOf(onEvaluation, diagnostics);
  return observers === null ? null : new ObservedFlags(observers, ports);
}

/** Returns the string keys of a list, in which untyped callers may put any value. Returns `null` for all flags. */
function keysOf(flagKeys: readonly string[] | undefined): readonly string[] | null {
  return flagKeys === undefined
    ? null
    : Array.from(flagKeys).filter((key) => typeof key === "string");
}

const NOTHING = { value: undefined, isDefault: true, isExposure: false } as const;

function failure(isMalformed: boolean): Result {
  const errorCode = isMalformed ? "SORTITION_DECODE" : "SORTITION_EVALUATION";
  return { ...NOTHING, reason: "error", errorCode };
}

/** A flag whose override is `undefined` does not exist. */
function overriddenResult({ flags }: FlagOverrides, flagKey: string): Result {
  const value = flags?.get(flagKey);
  if (value === undefined) return { ...NOTHING, reason: "flag-not-found" };
  const variation = variationOf(value);
  return { value, variation, isDefault: false, reason: "override", isExposure: false };
}

function remoteResult(flag: RemoteFlag): Result {
  const value = remoteValue(flag);
  return {
    value,
    variation: variationOf(value),
    isDefault: false,
    reason: flag.reasonCode === "flag_disabled" ? "disabled" : "assigned",
    isExposure: flag.hasExperiment !== false,
  };
}

/** Returns the variation's name in the dialect, which is `null` for a flag that is off. */
function variationOf(value: FeatureFlagValue | undefined): string | null {
  return value === false || value === undefined ? null : String(value);
}
