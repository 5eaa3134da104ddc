import type { Facts } from "@sortition/core/internal";
import { flagCalledProperties } from "../dialect/called-event.js";
import type { UnresolvedReason } from "../dialect/condition/tri.js";
import type { FeatureFlagSnapshot } from "../events/flag-snapshot.js";
import type { FeatureFlagValue, JsonType } from "../source/json.js";

/** Why `$feature_flag_called` has no value, in its property `$feature_flag_error`. */
export const FeatureFlagError = {
  ERRORS_WHILE_COMPUTING: "errors_while_computing_flags",
  FLAG_MISSING: "flag_missing",
  LOCAL_EVALUATION_INCONCLUSIVE: "local_evaluation_inconclusive",
  QUOTA_LIMITED: "quota_limited",
  TIMEOUT: "timeout",
  CONNECTION_ERROR: "connection_error",
  UNKNOWN_ERROR: "unknown_error",
  /** The server answered with this status. */
  apiError: (status: number | string): string => `api_error_${status}`,
} as const;

/** One of {@link FeatureFlagError}, or another string. */
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

/** A call that is reported, unless it was before. */
export interface ReportedCall {
  readonly distinctId: string;
  readonly key: string;
  readonly response: FeatureFlagValue | undefined;
  readonly groups: Readonly<Record<string, unknown>> | undefined;
  readonly disableGeoip: boolean | undefined;
  /** Called only if it is reported: most calls were before. */
  properties(): Readonly<Record<string, unknown>>;
}

/** What a snapshot needs of the client that made it. */
export interface SnapshotHost {
  report(call: ReportedCall): void;
  /** Whether a read is reported, given its own option. */
  isReported(perRead: boolean | undefined): boolean;
  warn(message: string, facts?: Facts): void;
  now(): number;
}

export interface SnapshotParts {
  readonly host: SnapshotHost;
  /** Empty: nothing is reported. */
  readonly distinctId: string;
  readonly groups?: Readonly<Record<string, unknown>> | undefined;
  readonly disableGeoip?: boolean | undefined;
  readonly flags: ReadonlyMap<string, EvaluatedFlag>;
  /** A flag was read that is not there. */
  readonly noteMiss?: (key: string) => void;
  readonly unresolved?: Readonly<Record<string, UnresolvedReason>>;
  readonly requestId?: unknown;
  readonly evaluatedAt?: unknown;
  readonly definitionsLoadedAt?: number | undefined;
  readonly hasErrors?: boolean | undefined;
  readonly isQuotaLimited?: boolean | undefined;
  /** Whether flags were left out on purpose. */
  readonly isSlice?: boolean;
}

/** The flags of one person, evaluated once. `capture({ flags })` adds exactly these values to an event. */
export class FeatureFlagEvaluations implements FeatureFlagSnapshot {
  readonly #parts: SnapshotParts;
  readonly #accessed: Set<string>;
  readonly #unresolved: Readonly<Record<string, UnresolvedReason>>;

  /** @internal Made by `evaluateFlags`. */
  constructor(parts: SnapshotParts, accessed: ReadonlySet<string> = new Set()) {
    this.#parts = parts;
    this.#accessed = new Set(accessed);
    this.#unresolved = Object.freeze({ ...parts.unresolved });
  }

  /**
   * Whether a flag is on. The first read of each value sends `$feature_flag_called`.
   *
   * @param options - `defaultValue`: for a flag that is not in the snapshot; `sendFeatureFlagEvents: false`: this read sends nothing.
   */
  isEnabled(
    key: string,
    options: { defaultValue?: boolean; sendFeatureFlagEvents?: boolean } = {},
  ): boolean {
    this.#access(key, options.sendFeatureFlagEvents);
    return this.#flag(key)?.enabled ?? options.defaultValue ?? false;
  }

  /** `false`, `true` or the key of a variant; `undefined`: the flag is not in the snapshot. Reports as {@link isEnabled}. */
  getFlag(
    key: string,
    options: { sendFeatureFlagEvents?: boolean } = {},
  ): FeatureFlagValue | undefined {
    this.#access(key, options.sendFeatureFlagEvents);
    const flag = this.#flag(key);
    return flag && (flag.enabled ? valueOfResult(flag) : false);
  }

  /** The payload of a flag. It is not a read, and reports nothing. */
  getFlagPayload(key: string): JsonType | undefined {
    return this.#flag(key)?.payload;
  }

  /** A key of another type, as untyped callers give it, names the flag that its string names. */
  #flag(key: string): EvaluatedFlag | undefined {
    return this.#parts.flags.get(String(key));
  }

  /** A copy with the flags that were read so far. */
  onlyAccessed(): FeatureFlagEvaluations {
    return this.#slice([...this.#accessed]);
  }

  /** A copy with these flags. Unknown keys are left out, with a warning. */
  only(keys: readonly string[]): FeatureFlagEvaluations {
    // Untyped callers give a set, too.
    const missing = [...keys].filter((key) => this.#flag(key) === undefined);
    if (missing.length > 0) {
      this.#parts.host.warn(`only(): not in the snapshot, and left out: ${missing.join(", ")}`);
    }
    return this.#slice(keys);
  }

  /** Keys of all flags of the snapshot. */
  get keys(): string[] {
    // In the order of an object's members: array indices come first.
    return Object.keys(Object.fromEntries(this.#parts.flags));
  }

  /** Flags that only the server could decide and that have no value, with the reason. Empty in copies. */
  get unresolvedFlags(): Readonly<Record<string, UnresolvedReason>> {
    return this.#unresolved;
  }

  /** The values of all flags, by key: what `capture({ flags })` adds to an event. */
  get values(): Readonly<Record<string, FeatureFlagValue>> {
    const entries = [...this.#parts.flags].map(
      ([key, flag]) => [key, valueOfResult(flag)] as const,
    );
    return Object.fromEntries(entries) as Record<string, FeatureFlagValue>; // each flag has a value
  }

  /**
   * Keys of the flags that are on. The server may send any value, which is read as true or false.
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
    // In a copy it was left out on purpose, and is not missing.
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

/** What the server could not do for any flag. */
export function errorsOfAnswer({
  hasErrors,
  isQuotaLimited,
}: Pick<SnapshotParts, "hasErrors" | "isQuotaLimited">): string[] {
  const errors: string[] = [];
  if (hasErrors) errors.push(FeatureFlagError.ERRORS_WHILE_COMPUTING);
  if (isQuotaLimited) errors.push(FeatureFlagError.QUOTA_LIMITED);
  return errors;
}

/** The value of a result; `undefined` without one. */
export function valueOfResult(
  flag: Pick<EvaluatedFlag, "enabled" | "variant"> | undefined,
): FeatureFlagValue | undefined {
  return flag && (flag.enabled === false ? false : (flag.variant ?? true));
}

// Outside of the class: bundlers rename a class that refers to itself.
function evaluationsOf(
  parts: SnapshotParts,
  accessed: ReadonlySet<string>,
): FeatureFlagEvaluations {
  return new FeatureFlagEvaluations(parts, accessed);
}
