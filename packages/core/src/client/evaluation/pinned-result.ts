import { type ExposureOutcome, NOT_LOGGED, plainOutcome } from "../../events/exposure-outcome.js";
import type { KeptExposure } from "../../events/kept-exposure.js";
import type { PlainExposure } from "../../events/plain-exposure.js";
import type { AssignmentDetails } from "./assignment-details.js";
import type { ExpectedType } from "./evaluation-request.js";

/** Evaluates a flag again, without effects, to explain a result. */
export interface ResultDetails<Details extends object> {
  details<T>(flagKey: string, type: ExpectedType, defaultValue: T): AssignmentDetails<T, Details>;
}

/** The parts of a {@link PinnedResult}. */
export interface PinnedResultParts<Details extends object> {
  readonly flagKey: string;
  readonly type: ExpectedType;
  /** Whether each caller gets its own default. */
  readonly isDefault: boolean;
  readonly value: unknown;
  /** JSON that is parsed for each caller. `null`: `value` is used. */
  readonly json: string | null;
  readonly exposure: ExposureOutcome;
  readonly further: readonly ExposureOutcome[] | null;
  /** The exposures that are logged when the flag is shown. */
  readonly kept: readonly KeptExposure[] | null;
  readonly by: ResultDetails<Details>;
}

/** The result of a flag for one subject and one type of getter. */
export class PinnedResult<Details extends object> {
  readonly #parts: PinnedResultParts<Details>;
  #exposure: ExposureOutcome;
  #further: readonly ExposureOutcome[] | null;
  #kept: readonly KeptExposure[] | null;
  /** The result of the same flag for another type of getter. */
  next: PinnedResult<Details> | null = null;

  constructor(parts: PinnedResultParts<Details>) {
    this.#parts = parts;
    this.#exposure = parts.exposure;
    this.#further = parts.further;
    this.#kept = parts.kept;
  }

  get type(): ExpectedType {
    return this.#parts.type;
  }

  /** Returns the value, which is new for each caller if it is an object, or the caller's default. */
  read<T>(defaultValue: T): T {
    const { isDefault, json, value } = this.#parts;
    if (isDefault) return defaultValue;
    if (json !== null) return JSON.parse(json);
    return (typeof value === "object" ? copyOf(value) : value) as T; // of the getter's type
  }

  /** Returns the same result with another value, as another vendor names it. */
  withValue(value: unknown): PinnedResult<Details> {
    const [exposure, further, kept] = [this.#exposure, this.#further, this.#kept];
    return resultOf({ ...this.#parts, value, json: null, exposure, further, kept });
  }

  details<T>(defaultValue: T): AssignmentDetails<T, Details> {
    const { by, flagKey, type } = this.#parts;
    const further = this.#further === null ? null : this.#further.map(plainOutcome);
    return {
      ...by.details(flagKey, type, defaultValue),
      value: this.read(defaultValue),
      exposure: plainOutcome(this.#exposure),
      ...(further === null ? null : { furtherExposures: further }),
    };
  }

  get isDefault(): boolean {
    return this.#parts.isDefault;
  }

  /** Whether a number was assigned. */
  get isNumber(): boolean {
    const { isDefault, type, value } = this.#parts;
    return !isDefault && typeof value === "number" && (type === "integer" || type === "numeric");
  }

  get isOverridden(): boolean {
    return this.#exposure === NOT_LOGGED.override;
  }

  /** The exposures that {@link show} would log, as JSON data. */
  get unshown(): readonly PlainExposure[] {
    return (this.#kept ?? []).flatMap((it) => it.toPlain() ?? []);
  }

  /** Logs the exposures that were kept, and returns the outcomes of all exposures in the order of logging. */
  show(): readonly ExposureOutcome[] {
    const kept = this.#kept;
    if (kept !== null) {
      this.#kept = null;
      const outcomes = kept.map((it) => it.show());
      const isOwn = this.#exposure === NOT_LOGGED.unshown;
      if (isOwn) this.#exposure = outcomes.pop() ?? this.#exposure; // it was kept last
      if (outcomes.length > 0) this.#further = outcomes;
    }
    return [...(this.#further ?? []), this.#exposure].map(plainOutcome);
  }
}

function copyOf(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    return value; // it cannot be expressed as JSON
  }
}

// Outside the class, because bundlers rename a class that refers to itself.
function resultOf<Details extends object>(
  parts: PinnedResultParts<Details>,
): PinnedResult<Details> {
  return new PinnedResult(parts);
}
