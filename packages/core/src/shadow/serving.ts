import type { Answers } from "../client/evaluation/answers.js";
import type { SubjectRequest } from "../client/evaluation/pin.js";
import type { SubjectAnswers } from "../client/evaluation/subject-answers.js";
import { OptionError } from "../errors/errors.js";
import { isPromise, keyName } from "../errors/guard.js";
import { show } from "../errors/option-checks.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import type { Ask, ClientSide } from "./client-side.js";
import type { Comparisons } from "./comparisons.js";
import { FunctionSide } from "./function-side.js";
import { isDecided, isPromiseLike, type Outcome } from "./outcome.js";
import type { ShadowCall } from "./side.js";

/** The side that serves: one for all calls, or chosen by flag and subject. */
export type ServedSide =
  | "primary"
  | "candidate"
  | ((flagKey: string, subjectKey: string) => "primary" | "candidate");

/** Builds the result of a getter from a value. */
export interface Shape<T> {
  /** For candidate functions. */
  outcome(value: unknown, outcome: Outcome): T;
  /** For values that the map translates. */
  withValue(result: T, value: unknown): T;
}

/** Serves each call from one of two sides, and has the other side compared. */
export class Serving {
  readonly #primary: ClientSide;
  readonly #candidate: ClientSide | FunctionSide;
  readonly #comparisons: Comparisons;
  readonly #diagnostics: Pick<Diagnostics, "warn">;
  #side: ServedSide = "primary";

  constructor(
    sides: { readonly primary: ClientSide; readonly candidate: ClientSide | FunctionSide },
    comparisons: Comparisons,
    diagnostics: Pick<Diagnostics, "warn">,
  ) {
    this.#diagnostics = diagnostics;
    this.#primary = sides.primary;
    this.#candidate = sides.candidate;
    this.#comparisons = comparisons;
  }

  get side(): ServedSide {
    return this.#side;
  }

  /** @throws OptionError for any other value, or if the candidate returns promises. */
  from(side: ServedSide): void {
    if (side !== "primary" && side !== "candidate" && typeof side !== "function") {
      throw new OptionError("serveFrom", 'expected "primary", "candidate" or a function');
    }
    if (side !== "primary" && this.#candidate instanceof FunctionSide) {
      if (this.#candidate.isAsynchronous) {
        throw new OptionError(
          "serveFrom",
          "a candidate that returns promises can only be compared",
        );
      }
    }
    this.#side = side;
  }

  /** Pins both sides for a subject, and returns their evaluations by port. The primary's are first. */
  pin(request: SubjectRequest): ReadonlyMap<Answers<object>, SubjectAnswers<object>> {
    const candidate = this.#candidate;
    const others = candidate instanceof FunctionSide ? [] : candidate.pin(request);
    return new Map([...this.#primary.pin(request), ...others]);
  }

  /** Serves a call from one side, and compares the result with the other side. */
  serve<T>(call: ShadowCall, ask: Ask<T>, shape: Shape<T>): T {
    const isPrimary = this.#servesPrimary(call);
    const result = isPrimary ? null : this.#fromCandidate(call, ask, shape);
    if (result !== null) return result;
    // Before the switch, an unfinished candidate must not reach users.
    const mayFallBack = isPrimary && this.#side !== "primary";
    let other = null as T | null;
    try {
      const value = this.#primary.serve(call, ask, (outcome) => {
        if (mayFallBack && !isDecided(outcome) && this.#hasCandidate(call)) {
          other = this.#fromCandidate(call, ask, shape);
        }
        return other === null; // each call is observed once
      });
      if (isPrimary && other === null) {
        this.#comparisons.withCandidate(call, this.#primary.last, this.#candidate);
      } else this.#comparisons.servedByOther(call.flagKey);
      return other ?? (value as T); // without a map, the primary serves each flag
    } catch (error) {
      if (other === null) throw error;
      return other;
    }
  }

  /** Whether the candidate may have a value. A client is evaluated without side effects to find out. */
  #hasCandidate(call: ShadowCall): boolean {
    const candidate = this.#candidate;
    return candidate instanceof FunctionSide || isDecided(candidate.compare(call));
  }

  /** Returns the candidate's result, or `null` if it has no value. */
  #fromCandidate<T>(call: ShadowCall, ask: Ask<T>, shape: Shape<T>): T | null {
    try {
      const candidate = this.#candidate;
      if (candidate instanceof FunctionSide) {
        const outcome = candidate.compare(call);
        if (isPromiseLike(outcome)) {
          // The promise settles too late for this call.
          outcome.then(undefined, () => {});
          const fact = "serveFrom: the candidate returned a promise, so the primary serves";
          this.#diagnostics.warn(
            `${fact}: return { value }, because a promise can be compared, but not served`,
          );
          return null;
        }
        if (!isDecided(outcome) || !fits(outcome.value, call.type)) return null;
        this.#comparisons.withPrimary(call, outcome, this.#primary);
        return shape.outcome(outcome.value, outcome);
      }
      const result = candidate.serve(call, ask);
      const outcome = candidate.last;
      if (result === null || !isDecided(outcome)) return null;
      const value = candidate.names.value(call.flagKey, outcome.value);
      this.#comparisons.withPrimary(call, { ...outcome, value }, this.#primary);
      return value === outcome.value ? result : shape.withValue(result, value);
    } catch {
      return null; // the primary serves instead, and the call is counted
    }
  }

  /** JavaScript may return anything. */
  #reportOther(side: unknown): void {
    const got =
      typeof side === "string" ? `"${keyName(side)}"` : isPromise(side) ? "a promise" : show(side);
    const fact = `serveFrom: the function returned ${got}, so the primary serves`;
    this.#diagnostics.warn(`${fact}: return "primary" or "candidate"`, { cause: "unknown side" });
  }

  #servesPrimary({ flagKey, subjectKey }: ShadowCall): boolean {
    if (typeof this.#side !== "function") return this.#side === "primary";
    try {
      const side: unknown = this.#side(flagKey, subjectKey);
      if (side !== "primary" && side !== "candidate") this.#reportOther(side);
      return side !== "candidate";
    } catch {
      return true;
    }
  }
}

/** Whether a getter of this type can return the value. */
function fits(value: unknown, type: ShadowCall["type"]): boolean {
  switch (type) {
    case "boolean":
    case "string":
      return typeof value === type;
    case "integer":
      return Number.isInteger(value);
    case "numeric":
    case "number":
      return typeof value === "number";
    case "json":
      return typeof value === "object";
    default:
      return true;
  }
}
