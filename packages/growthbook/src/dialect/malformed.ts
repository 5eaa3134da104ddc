import {
  type ErrorBudget,
  type Interned,
  type PatternGuard,
  UNGUARDED,
} from "@sortition/core/dialect";

/**
 * A part of a feature that cannot be evaluated. The vendor's SDK throws a `TypeError` where it reaches
 * such a part, and so does this one. Evaluations tell it from other parts by its member `problem`: `instanceof` reads all
 * prototypes of a part that is none, at each evaluation.
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

/** Codes of issues, beside `malformed`. */
export type IssueCode = "malformed" | "risky-pattern" | "unknown-operator" | "undecryptable";

/** Records a problem of a payload. */
export type ReportIssue = (path: string, problem: string, code: IssueCode) => void;

/** How a payload's parts are compiled. */
export interface CompileOptions {
  /** Decides about patterns. */
  readonly guard: PatternGuard;
  readonly report: ReportIssue;
  /** Creates the errors of one feature; `null`: their number is not limited. */
  readonly errors: ErrorBudget<MalformedError> | null;
  /** Whether values are the caller's own, who gets them as they are. Others are copied for each caller. */
  readonly isGiven: boolean;
  /** What features have in common; `null`: nothing is to be shared. */
  readonly interned: Interned | null;
}

/** For a payload that was received, and parts of it. */
export const UNREPORTED: CompileOptions = {
  guard: UNGUARDED,
  report: () => {},
  errors: null,
  isGiven: false,
  interned: null,
};

/** For what the caller hands in, such as inline experiments. */
export const GIVEN: CompileOptions = { ...UNREPORTED, isGiven: true };

/** Reports a malformed part, and returns the error to be thrown where the part is reached. */
export function malformed(
  path: string,
  problem: string,
  { errors, report }: CompileOptions,
): MalformedError {
  report(path, problem, "malformed");
  const create = (): MalformedError => new MalformedError(path, problem);
  return errors === null ? create() : errors.create(create);
}
