import type { ExposureOutcome } from "../../events/exposure-outcome.js";
import type { KeptExposure } from "../../events/kept-exposure.js";
import type { Attributes } from "../../model/attributes.js";
import type { Configuration } from "../../model/configuration.js";
import type { ExposureBase } from "../../model/exposure.js";
import type { CompiledFlag, ValueType } from "../../model/flag.js";
import type { Override } from "../../model/override.js";
import type { Scope } from "../../model/scope.js";
import type { Trace } from "../../model/trace.js";
import type { CallMistakes } from "./call-mistakes.js";
import { CallSubject } from "./call-subject.js";
import type { ExpectedType } from "./evaluation-request.js";
import type { Getters } from "./mistake-texts.js";
import type { Pin } from "./pin.js";

/**
 * The state of one call, with everything that it reads. The object is reused for later calls, so neither it nor its
 * subject may be kept.
 */
export class Call<Details extends object> implements Scope {
  readonly subject: CallSubject;
  readonly #readClock: () => number;
  readonly #mistakes: Pick<CallMistakes, "noteUnhashed" | "noteFound"> | null;
  flagKey: string;
  expectedType: ValueType | null;
  served: Configuration | null;
  trace: Trace<Details> | null;
  flag: CompiledFlag | null;
  override: Override | null;
  extras: unknown;
  /** Whether the caller's mistakes are reported to diagnostics. */
  reportsMistakes: boolean;
  /** Names of the caller's getters for messages. `null`: those of a client. */
  getters: Getters | null;
  /** Exposures of other flags, such as prerequisites, that the dialect passed to `expose`. `null`: none. */
  met: ExposureBase[] | null;
  /** The subject of each of `met`. `null` if it is the caller's. */
  metKeys: string[] | null;
  /** The outcome of each of `met`, after they are recorded. */
  metOutcomes: readonly ExposureOutcome[] | null;
  /** Whether any number fits, integer or not. */
  isForNumber: boolean;
  /** Whether the subject has no key and does not need one. */
  isKeyless: boolean;
  /** Whether the caller evaluates several flags at once. */
  isBulk: boolean;
  /** The subject of exposures that the dialect named. `""`: none can be. `null`: it is the caller's. */
  hashKey: string | null;
  /** What the calls for one subject share. `null`: the call stands alone. */
  pin: Pin | null;
  /** The exposures of a pinned call that are logged when they are shown. `null`: none. */
  kept: KeptExposure[] | null;
  /** Whether a hash decided, see `Scope.placed`. */
  isPlaced: boolean;
  #memo: Map<unknown, unknown> | null;
  #nowMs: number | null;

  /** @param mistakes - `null`: this call's mistakes were already counted. */
  constructor(
    readClock: () => number,
    mistakes: Pick<CallMistakes, "noteUnhashed" | "noteFound"> | null = null,
  ) {
    this.subject = new CallSubject();
    this.#readClock = readClock;
    this.#mistakes = mistakes;
    this.flagKey = "";
    this.expectedType = "boolean";
    this.served = null;
    this.trace = null;
    this.flag = null;
    this.override = null;
    this.extras = null;
    this.reportsMistakes = true;
    this.getters = null;
    this.met = null;
    this.metKeys = null;
    this.metOutcomes = null;
    this.isForNumber = false;
    this.isKeyless = false;
    this.isBulk = false;
    this.hashKey = null;
    this.pin = null;
    this.kept = null;
    this.isPlaced = false;
    this.#memo = null;
    this.#nowMs = null;
  }

  begin(
    flagKey: string,
    subjectKey: string,
    attributes: Attributes | null | undefined,
    expectedType: ValueType | null,
    served: Configuration | null,
    trace: Trace<Details> | null,
  ): void {
    this.subject.begin(subjectKey, attributes);
    this.flagKey = flagKey;
    this.expectedType = expectedType;
    this.served = served;
    this.trace = trace;
  }

  /** Begins a call for a pinned subject. */
  beginPinned(pin: Pin, flagKey: string, type: ExpectedType, trace: Trace<Details> | null): void {
    const isForNumber = type === "number";
    const { attributes, configuration, subjectKey } = pin;
    const expectedType = isForNumber ? "numeric" : type;
    this.begin(flagKey, subjectKey, attributes, expectedType, configuration, trace);
    this.isForNumber = isForNumber;
    this.extras = pin.extras;
    this.pin = pin;
  }

  /** Creates a call of the same flag with other attributes. Its exposures and mistakes are dropped. */
  withAttributes(attributes: Attributes): Call<Details> {
    const nowMs = this.nowMs();
    const call = new Call<Details>(() => nowMs);
    call.begin(this.flagKey, this.subject.key, attributes, this.expectedType, this.served, null);
    call.extras = this.extras;
    return call;
  }

  /** Releases everything that belongs to the caller or to one configuration. */
  end(): void {
    this.subject.end();
    this.flagKey = "";
    this.served = null;
    this.trace = null;
    this.flag = null;
    this.override = null;
    this.extras = null;
    this.met = null;
    this.metKeys = null;
    this.metOutcomes = null;
    this.isForNumber = false;
    this.hashKey = null;
    this.pin = null;
    this.kept = null;
    this.isPlaced = false;
    this.#memo = null;
    this.#nowMs = null;
  }

  get configuration(): Configuration {
    return this.served as Configuration; // flags are only evaluated with a configuration
  }

  nowMs(): number {
    this.#nowMs ??= this.#readClock();
    return this.#nowMs;
  }

  memo(): Map<unknown, unknown> {
    this.#memo ??= new Map();
    return this.#memo;
  }

  expose(exposure: ExposureBase): void {
    this.met ??= [];
    this.met.push(exposure);
    if (this.hashKey === null) return;
    this.metKeys ??= [];
    this.metKeys.push(this.hashKey);
  }

  hashedBy(value: unknown): void {
    this.hashKey = typeof value === "string" || typeof value === "number" ? `${value}` : "";
  }

  placed(): void {
    this.isPlaced = true;
  }

  unhashed(attribute: string, flagKey: string): void {
    this.#mistakes?.noteUnhashed(this, attribute, flagKey);
  }

  noteMistake(cause: string, flagKey: string, describe: () => string): void {
    this.#mistakes?.noteFound(this, cause, flagKey, describe);
  }
}
