import type { Attributes } from "@sortition/core";
import type { Dialect, Explainer, ValueType } from "@sortition/core/dialect";
import type { JsonPath } from "../fuzz/json-path.js";

/** JSON documents of a payload by part, before any encryption. */
export type Documents = Readonly<Record<string, unknown>>;

/** A call of a typed getter, and its expected result. */
export interface DialectCall {
  readonly flagKey: string;
  readonly subjectKey: string;
  readonly attributes: Attributes;
  readonly type: ValueType;
  /** The assigned value. If it is absent, the caller gets its default. */
  readonly value?: unknown;
  /** The reason in the details, where it matters: a cycle is an error, not an absent value. */
  readonly reason?: string;
}

/** Options that a dialect may have. */
export interface CommonDialectOptions {
  /** Whether risky patterns are refused. */
  readonly refuseRiskyPatterns?: boolean;
}

/** What the dialect contract needs to know about a dialect. */
export interface DialectHarness {
  readonly name: string;
  /** Creates a dialect object that shares nothing with another one. */
  createDialect(options?: CommonDialectOptions): Dialect;
  /** A valid payload with several flags. */
  readonly documents: Documents;
  /** Converts the text of a part to the received bytes. Default: UTF-8. */
  encode?(part: string, text: string): Promise<Uint8Array>;
  /** Calls of the valid payload: assigned values for all types that the dialect has, and defaults. */
  readonly calls: readonly DialectCall[];
  /** A call that logs something, and the events as `<experiment> <variation>`, in their order. */
  readonly exposures: { readonly call: DialectCall; readonly events: readonly string[] };
  /** A flag that no other flag depends on; `calls` ask for it and for others. */
  readonly independentFlag: {
    readonly key: string;
    readonly part: string;
    readonly path: JsonPath;
  };
  /** The payload with a change inside one flag. Other flags do not depend on it. */
  readonly changedFlag: { readonly key: string; readonly documents: Documents };
  /** The payload with a change outside all flags, and a call with its answer after the change, which differs from the one before. */
  readonly changedSharedPart?: { readonly documents: Documents; readonly call: DialectCall };
  /** Strings of the documents that the received bytes do not contain: they must not appear anywhere. */
  readonly confidential?: readonly string[];
  readonly explainer?: Explainer;
}
