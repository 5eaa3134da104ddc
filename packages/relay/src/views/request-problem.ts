/** Why a request of a person or a script cannot be answered. The message is for them. */
export class RequestProblem extends Error {
  override readonly name = "RequestProblem";

  constructor(
    readonly status: 400 | 403 | 404 | 413 | 415 | 429 | 500 | 503,
    message: string,
    /** What may have been meant. */
    readonly nearest: string | null = null,
    /** The form field with the mistake; `null` if none. */
    readonly field: "compare" | "revision" | "search" | null = null,
  ) {
    super(message);
  }
}
