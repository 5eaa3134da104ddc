import type { Facts } from "@sortition/core/internal";
import { flagCalledProperties } from "../dialect/called-event.js";
import type { UnresolvedReason } from "../dialect/condition/tri.js";
import type { FeatureFlagSnapshot } from "../events/flag-snapshot.js";
import type { FeatureFlagValue, JsonType } from "../source/json.js";

/** Values of the property `$feature_flag_error`, which explain why `$feature_flag_called` has no value. */
export const FeatureFlagError = {
  ERRORS_WHILE_COMPUTING: "errors_while_computing_flags",
  FLAG_MISSING: "flag_missing",
  LOCAL_EVALUATION_INCONCLUSIVE: "local_evaluation_inconclusive",
  QUOTA_LIMITED: "quota_limited",
  TIMEOUT: "timeout",
  CONNECTION_ERROR: "connection_error",
  UNKNOWN_ERROR: "unknown_error",
  /** The server responded with this status. */
  apiError: (status: number | string): string => `api_error_${status}`,
} as const;

/** A value of {@link FeatureFlagError}, or another string. */
export type FeatureFlagErrorType = string;

export interface EvaluatedFlag {
  readonly enabled: boolean;
  readonly variant: string | undefined;
  readonly payload?: JsonType | undefined;
  readonly id?: unknown;
  readonly version?: unknown;
  readonly reason?: string | undefined;
  readonly isLocal: boolean;
  readonly hasExperiment?: unknown;
}

/** A flag call to report, unless it was already reported. */
export interface ReportedCall {
  readonly distinctId: string;
  readonly key: string;
  readonly response: FeatureFlagValue | undefined;
  readonly groups: Readonly<Record<string, unknown>> | undefined;
  readonly disableGeoip: boolean | undefined;
  /** Called only if the call is reported, because most calls were reported before. */
  properties(): Readonly<Record<string, unknown>>;
}

/** The client's services for a snapshot. */
export interface SnapshotHost {
  report(call: ReportedCall): void;
  /** Returns whether a read is reported, given the option of the read. */
  isReported(perRead: boolean | undefined): boolean;
  warn(message: string, facts?: Facts): void;
  now(): number;
}

export interface SnapshotParts {
  readonly host: SnapshotHost;
  /** If empty, nothing is reported. */
  readonly distinctId: string;
  readonly groups?: Readonly<Record<string, unknown>> | undefined;
  readonly disableGeoip?: boolean | undefined;
  readonly flags: ReadonlyMap<string, EvaluatedFlag>;
  /** Called when a flag was read that the snapshot does not have. */
  readonly noteMiss?: (key: string) => void;
  readonly unresolved?: Readonly<Record<string, UnresolvedReason>>;
  readonly requestId?: unknown;
  readonly evaluatedAt?: unknown;
  readonly definitionsLoadedAt?: number | undefined;
  readonly hasErrors?: boolean | undefined;
  readonly isQuotaLimited?: boolean | undefined;
  /** Whether flags were omitted intentionally. */
  readonly isSlice?: boolean;
}

/** The flags of one person, evaluated once. `capture({ flags })` adds exactly these values to an event. */
export class FeatureFlagEvaluations implements FeatureFlagSnapshot {
  readonly #parts: SnapshotParts;
  readonly #accessed: Set<string>;
  readonly #unresolved: Readonly<Record<string, UnresolvedReason>>;

  /** @internal Created by `evaluateFlags`. */
  constructor(parts: SnapshotParts, accessed: ReadonlySet<string> = new Set()) {
    this.#parts = parts;
    this.#accessed = new Set(accessed);
    this.#unresolved = Object.freeze({ ...parts.unresolved });
  }

  /**
   * Returns whether a flag is on. The first read of each value sends `$feature_flag_called`.
   *
   * @param options - `defaultValue` is returned for a flag that is not in the snapshot. With
   * `sendFeatureFlagEvents: false`, this read sends nothing.
   */
  isEnabled(
    key: string,
    options: { defaultValue?: boolean; sendFeatureFlagEvents?: boolean } = {},
  ): boolean {
    this.#access(key, options.sendFeatureFlagEvents);
    return this.#flag(key)?.enabled ?? options.defaultValue ?? false;
  }

  /**
   * Returns `false`, `true` or the key of a variant, or `undefined` if the flag is not in the snapshot. Sends events
   * like {@link isEnabled}.
   */
  getFlag(
    key: string,
    options: { sendFeatureFlagEvents?: boolean } = {},
  ): FeatureFlagValue | undefined {
    this.#access(key, options.sendFeatureFlagEvents);
    const flag = this.#flag(key);
    return flag && (flag.enabled ? valueOfResult(flag) : false);
  }

  /** Returns the payload of a flag. This is not a read, so nothing is sent. */
  getFlagPayload(key: string): JsonType | undefined {
    return this.#flag(key)?.payload;
  }

  /** Looks up a flag. Untyped callers may pass a key of another type, which is converted to a string. */
  #flag(key: string): EvaluatedFlag | undefined {
    return this.#parts.flags.get(String(key));
  }

  /** Returns a copy with the flags that were read so far. */
  onlyAccessed(): FeatureFlagEvaluations {
    return this.#slice([...this.#accessed]);
  }

  /** Returns a copy with these flags. Unknown keys are ignored, with a warning. */
  only(keys: readonly string[]): FeatureFlagEvaluations {
    // Untyped callers may pass a set.
    const missing = [...keys].filter((key) => this.#flag(key) === undefined);
    if (missing.length > 0) {
      this.#parts.host.warn(
        `only(): ignored keys that are not in the snapshot: ${missing.join(", ")}`,
      );
    }
    return this.#slice(keys);
  }

  /** Keys of all flags in the snapshot. */
  get keys(): string[] {
    // In the order of an object's members, in which array indices come first.
    return Object.keys(Object.fromEntries(this.#parts.flags));
  }

  /** Flags without a value that only the server could decide, with the reason. Empty in copies. */
  get unresolvedFlags(): Readonly<Record<string, UnresolvedReason>> {
    return this.#unresolved;
  }

  /** The values of all flags by key, which `capture({ flags })` adds to an event. */
  get values(): Readonly<Record<string, FeatureFlagValue>> {
    const entries = [...this.#parts.flags].map(
      ([key, flag]) => [key, valueOfResult(flag)] as const,
    );
    return Object.fromEntries(entries) as Record<string, FeatureFlagValue>; // each flag has a value
  }

  /**
   * Keys of the flags that are on. The server may send any value, which is converted to a boolean.
   *
   * @internal
   */
  get active(): readonly string[] {
    return [...this.#parts.flags].filter(([, { enabled }]) => enabled).map(([key]) => key);
  }

  #slice(keys: readonly string[]): FeatureFlagEvaluations {
    const { flags: _flags, unresolved: _, ...rest } = this.#parts;
    const flags = new Map<string, EvaluatedFlag>();
    for (const key of keys) {
      const flag = this.#flag(key);
      if (flag !== undefined) flags.set(String(key), flag);
    }
    return evaluationsOf({ ...rest, flags, isSlice: true }, this.#accessed);
  }

  #access(key: string, perRead: boolean | undefined): void {
    this.#accessed.add(key);
    const { disableGeoip, distinctId, groups, host, isSlice = false } = this.#parts;
    const flag = this.#flag(key);
    if (!isSlice && flag === undefined) this.#parts.noteMiss?.(String(key));
    if (!host.isReported(perRead) || distinctId === "") return;
    // In a copy, the flag was omitted intentionally, so it is not missing.
    if (flag === undefined && isSlice) return;
    const response = valueOfResult(flag);
    const properties = () => this.#propertiesOf(key, flag, response);
    host.report({ distinctId, key, response, groups, disableGeoip, properties });
  }

  #propertiesOf(
    key: string,
    flag: EvaluatedFlag | undefined,
    response: FeatureFlagValue | undefined,
  ): Record<string, unknown> {
    const { definitionsLoadedAt, evaluatedAt, host, requestId } = this.#parts;
    const errors = this.#errorsOf(key, flag);
    return flagCalledProperties({
      isLocal: false,
      ...flag,
      key,
      response,
      requestId,
      evaluatedAt: flag?.isLocal ? host.now() : evaluatedAt,
      definitionsLoadedAt,
      error: errors.join() || undefined,
    });
  }

  #errorsOf(key: string, flag: EvaluatedFlag | undefined): string[] {
    const errors = errorsOfAnswer(this.#parts);
    if (flag === undefined) {
      const isKnown = Object.hasOwn(this.#unresolved, key);
      const { FLAG_MISSING, LOCAL_EVALUATION_INCONCLUSIVE } = FeatureFlagError;
      errors.push(isKnown ? LOCAL_EVALUATION_INCONCLUSIVE : FLAG_MISSING);
    }
    return errors;
  }
}

/** Returns the errors of a server response that apply to all flags. */
export function errorsOfAnswer({
  hasErrors,
  isQuotaLimited,
}: Pick<SnapshotParts, "hasErrors" | "isQuotaLimited">): string[] {
  const errors: string[] = [];
  if (hasErrors) errors.push(FeatureFlagError.ERRORS_WHILE_COMPUTING);
  if (isQuotaLimited) errors.push(FeatureFlagError.QUOTA_LIMITED);
  return errors;
}

/** Returns the value of a result, or `undefined` if there is none. */
export function valueOfResult(
  flag: Pick<EvaluatedFlag, "enabled" | "variant"> | undefined,
): FeatureFlagValue | undefined {
  return flag && (flag.enabled === false ? false : (flag.variant ?? true));
}

// Outside of the class, because bundlers rename a class that refers to itself.
function evaluationsOf(
  parts: SnapshotParts,
  accessed: ReadonlySet<string>,
): FeatureFlagEvaluations {
  return new FeatureFlagEvaluations(parts, accessed);
}
