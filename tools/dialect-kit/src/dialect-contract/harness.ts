import type { Attributes } from "@sortition/core";
import type { Dialect, Explainer, ValueType } from "@sortition/core/dialect";
import type { JsonPath } from "../fuzz/json-path.js";

/** JSON documents of a payload by part, before encryption. */
export type Documents = Readonly<Record<string, unknown>>;

/** A call of a typed getter, and its expected result. */
export interface DialectCall {
  readonly flagKey: string;
  readonly subjectKey: string;
  readonly attributes: Attributes;
  readonly type: ValueType;
  /** The assigned value. Absent: the caller gets its default. */
  readonly value?: unknown;
  /**
   * The reason or the error code in the details, if it matters. For example, a cycle is an error, and not an absent
   * value.
   */
  readonly reason?: string;
}

/** Options that several dialects have. */
export interface CommonDialectOptions {
  /** Whether risky patterns are rejected. */
  readonly refuseRiskyPatterns?: boolean;
}

/** What the dialect contract needs to know about a dialect. */
export interface DialectHarness {
  readonly name: string;
  /** Creates a dialect object that shares no state with others. */
  createDialect(options?: CommonDialectOptions): Dialect;
  /** A valid payload with several flags. */
  readonly documents: Documents;
  /** Converts the text of a part to the bytes that a server would send. Default: UTF-8. */
  encode?(part: string, text: string): Promise<Uint8Array>;
  /** Calls with the valid payload: assigned values of all types of the dialect, and defaults. */
  readonly calls: readonly DialectCall[];
  /** A call that logs, and the events as `<experiment> <variation>`, in order. */
  readonly exposures: { readonly call: DialectCall; readonly events: readonly string[] };
  /** A flag that no other flag depends on. `calls` include this flag and others. */
  readonly independentFlag: {
    readonly key: string;
    readonly part: string;
    readonly path: JsonPath;
  };
  /** The payload with a change inside one flag that no other flag depends on. */
  readonly changedFlag: { readonly key: string; readonly documents: Documents };
  /**
   * The payload with a change outside all flags, and a call with its result after the change, which
   * differs from the result before.
   */
  readonly changedSharedPart?: { readonly documents: Documents; readonly call: DialectCall };
  /**
   * Strings of the documents that the received bytes do not contain. They must not appear anywhere.
   */
  readonly confidential?: readonly string[];
  /** A payload whose flags split all subjects in halves: one flag for each unit that the vendor can hash. */
  readonly halves: Documents;
  /** A payload with two experiments: a fifth of all units takes part in `fifth`, and all but a fifth in `most`. */
  readonly experiments: Documents;
  readonly explainer?: Explainer;
}
