import {
  DecodeError,
  type EvaluationObserver,
  type Observers,
  observedEvaluation,
  observersOf,
} from "@sortition/core/internal";
import type { AmplitudeConfiguration } from "../dialect/configuration.js";
import type { Results } from "../dialect/evaluation/evaluate-user.js";
import type { Outcome } from "../dialect/evaluation/outcome.js";
import { type ClientLog, diagnosticsTo } from "../messages/logging.js";
import type { ExperimentUser } from "./user.js";
import type { Variant } from "./variant.js";

/** Options that both clients have. */
export interface ObservingOptions {
  /** One or more functions that are called synchronously after each evaluation, once per flag. */
  onEvaluation?: EvaluationObserver | readonly EvaluationObserver[] | undefined;
}

/** One local evaluation of one or more flags. */
export interface LocalCall {
  readonly configuration: AmplitudeConfiguration;
  readonly user: ExperimentUser;
  readonly flagKeys: readonly string[] | null | undefined;
  /** `null` if the evaluation threw. */
  readonly results: Results | null;
  /** Errors of malformed flags by flag key. */
  readonly failures: Map<string, unknown> | null;
}

/** Calls the `onEvaluation` observers for the flags that a client evaluates. No method throws. */
export class ObservedFlags {
  readonly #observers: Observers;

  constructor(observers: Observers) {
    this.#observers = observers;
  }

  /** Whether an observer is running. Flags that it evaluates are not observed. */
  get isCalling(): boolean {
    return this.#observers.isCalling;
  }

  /**
   * Reports each requested flag, and the exposures of their dependencies, in the order of
   * evaluation.
   */
  local({ configuration, failures, flagKeys, results, user }: LocalCall): void {
    const call = {
      ...callOf(user, flagKeys),
      configurationRevision: configuration.revision,
    };
    const requested = new Set(keysOf(flagKeys) ?? configuration.flagKeys);
    for (const [flagKey, outcome] of results ?? []) {
      const isPrerequisite = !requested.delete(flagKey);
      const result = resultOf(outcome);
      if (isPrerequisite && !result.isExposure) continue;
      const value = isPrerequisite ? undefined : outcome.text;
      this.#observers.notify(
        observedEvaluation({ ...call, ...result, flagKey, value, isPrerequisite }),
      );
    }
    for (const flagKey of requested) {
      const reason = failures?.has(flagKey)
        ? failureOf(failures.get(flagKey))
        : missOf(flagKey, configuration, results === null);
      this.#observers.notify(observedEvaluation({ ...call, ...NOTHING, ...reason, flagKey }));
    }
  }

  /** Reports each variant that the server returned, and each requested flag without one. */
  remote(
    user: ExperimentUser | null | undefined,
    flagKeys: unknown,
    variants: Readonly<Record<string, Variant>> | null,
  ): void {
    const call = callOf(user, flagKeys);
    const requested = new Set(keysOf(flagKeys));
    for (const [flagKey, variant] of Object.entries(variants ?? {})) {
      requested.delete(flagKey);
      const { key, metadata, value } = variant;
      const segment = metadata?.["segmentName"];
      this.#observers.notify(
        observedEvaluation({
          ...call,
          flagKey,
          value,
          variation: key ?? null,
          allocation: typeof segment === "string" ? segment : null,
          isDefault: false,
          reason: "assigned",
          isExposure: !metadata?.["default"] && metadata?.["trackExposure"] !== false,
        }),
      );
    }
    const reason = variants === null ? "unresolved" : "flag-not-found";
    for (const flagKey of requested) {
      this.#observers.notify(observedEvaluation({ ...call, ...NOTHING, flagKey, reason }));
    }
  }
}

/**
 * Reads the option `onEvaluation`. Returns `null` without it.
 *
 * @throws OptionError unless it is a function or a list of functions.
 */
export function observedFlags(
  { onEvaluation }: ObservingOptions,
  log: ClientLog,
): ObservedFlags | null {
  const observers = observersOf(onEvaluation, diagnosticsTo(log));
  return observers === null ? null : new ObservedFlags(observers);
}

const NOTHING = { value: undefined, isDefault: true, isExposure: false } as const;
const FAILED = { reason: "error", errorCode: "SORTITION_EVALUATION" } as const;
const MALFORMED = { reason: "error", errorCode: "SORTITION_DECODE" } as const;

function callOf(user: ExperimentUser | null | undefined, flagKeys: unknown) {
  const id: unknown = user?.user_id ?? user?.device_id;
  return {
    subjectKey: typeof id === "string" || typeof id === "number" ? `${id}` : "",
    dialect: "amplitude",
    isBulk: keysOf(flagKeys)?.length !== 1,
  };
}

/** Returns the keys in a list, or `null` for all flags or a value that is not a list. */
function keysOf(flagKeys: unknown): readonly string[] | null {
  if (!Array.isArray(flagKeys)) return null;
  return flagKeys.filter((key): key is string => typeof key === "string");
}

function resultOf(outcome: Outcome) {
  // Reading it as a boolean returns a value for every variant, including the default one.
  const evaluation = outcome.evaluationFor("boolean");
  if (evaluation.kind !== "assigned") {
    return { isDefault: true, reason: "no-allocation", isExposure: false } as const;
  }
  const { allocation, exposure, reason, variation } = evaluation;
  return { isDefault: false, reason, allocation, variation, isExposure: exposure !== null };
}

function failureOf(cause: unknown) {
  return cause instanceof DecodeError ? MALFORMED : FAILED;
}

/** Returns the reason why a requested flag has no result. */
function missOf(flagKey: string, configuration: AmplitudeConfiguration, hasFailed: boolean) {
  const flag = configuration.flag(flagKey);
  if (flag === null) {
    const isEmpty = configuration.flagKeys.size === 0;
    return { reason: isEmpty ? "not-initialized" : "flag-not-found" } as const;
  }
  if (!flag.isSound) return MALFORMED;
  return hasFailed ? FAILED : ({ reason: "no-allocation" } as const);
}
