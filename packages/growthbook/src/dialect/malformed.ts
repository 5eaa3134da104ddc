import type { ErrorBudget, PatternGuard } from "@sortition/core/dialect";
import { type Interned, UNGUARDED } from "@sortition/core/dialect-internal";

/**
 * A part of a feature that cannot be evaluated. Like the vendor's SDK, we throw a `TypeError` when an evaluation
 * reaches such a part. Evaluations recognise it by its member `problem`, because `instanceof` would walk the prototype
 * chain of every other part at each evaluation.
 */
export class MalformedError extends TypeError {
  override readonly name = "MalformedError";
  readonly code = "SORTITION_DECODE";

  constructor(
    /** JSON path of the part. */
    readonly path: string,
    readonly problem: string,
  ) {
    super(`${path}: ${problem}`);
  }
}

export type IssueCode =
  | "malformed"
  | "risky-pattern"
  | "unknown-operator"
  | "undecryptable"
  | "sticky-buckets";

/** Options for compiling the parts of a payload. */
export interface CompileOptions {
  readonly guard: PatternGuard;
  readonly report: (path: string, problem: string, code: IssueCode) => void;
  /** Creates the errors of one feature. `null` if their number is not limited. */
  readonly errors: ErrorBudget<MalformedError> | null;
  /** Whether values belong to the caller, who receives them unchanged. Other values are copied for each caller. */
  readonly isGiven: boolean;
  /** Parts that features share. `null` if nothing is shared. */
  readonly interned: Interned | null;
}

/** Options for received payloads and their parts. */
export const UNREPORTED: CompileOptions = {
  guard: UNGUARDED,
  report: () => {},
  errors: null,
  isGiven: false,
  interned: null,
};

/** Options for the caller's input, such as inline experiments. */
export const GIVEN: CompileOptions = { ...UNREPORTED, isGiven: true };

/** Reports a malformed part, and returns the error to throw when the part is reached. */
export function malformed(
  path: string,
  problem: string,
  { errors, report }: CompileOptions,
): MalformedError {
  report(path, problem, "malformed");
  const create = (): MalformedError => new MalformedError(path, problem);
  return errors === null ? create() : errors.create(create);
}
