import type { Attributes } from "../model/attributes.js";
import type { Configuration } from "../model/configuration.js";
import type { CompiledFlag, ValueType } from "../model/flag.js";
import type { Override } from "../model/override.js";
import type { Scope } from "../model/scope.js";
import type { Subject } from "../model/subject.js";
import type { Trace } from "../model/trace.js";

const NO_ATTRIBUTES: Attributes = Object.freeze({});

/**
 * One call: everything it looks at, read once. When it is over it may serve another one, so that
 * nobody may keep it, nor its subject.
 */
export class Call<Details extends object> implements Scope {
  readonly #subject: { key: string; attributes: Attributes; arePlain: boolean };
  readonly #readClock: () => number;
  flagKey: string;
  expectedType: ValueType;
  served: Configuration | null;
  trace: Trace<Details> | null;
  flag: CompiledFlag | null;
  override: Override | null;
  #nowMs: number | null;

  constructor(readClock: () => number) {
    this.#subject = { key: "", attributes: NO_ATTRIBUTES, arePlain: false };
    this.#readClock = readClock;
    this.flagKey = "";
    this.expectedType = "boolean";
    this.served = null;
    this.trace = null;
    this.flag = null;
    this.override = null;
    this.#nowMs = null;
  }

  begin(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    expectedType: ValueType,
    served: Configuration | null,
    trace: Trace<Details> | null,
  ): void {
    this.#subject.key = subjectKey;
    this.#subject.attributes = attributes ?? NO_ATTRIBUTES;
    this.flagKey = flagKey;
    this.expectedType = expectedType;
    this.served = served;
    this.trace = trace;
  }

  /** Lets go of everything that is the caller's, or of one configuration. */
  end(): void {
    this.#subject.key = "";
    this.#subject.attributes = NO_ATTRIBUTES;
    this.flagKey = "";
    this.served = null;
    this.trace = null;
    this.flag = null;
    this.override = null;
    this.#nowMs = null;
  }

  get subject(): Subject {
    return this.#subject;
  }

  get configuration(): Configuration {
    return this.served as Configuration; // flags are evaluated only if there is one
  }

  nowMs(): number {
    this.#nowMs ??= this.#readClock();
    return this.#nowMs;
  }
}
