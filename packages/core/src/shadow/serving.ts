import type { Answers } from "../client/evaluation/answers.js";
import type { SubjectRequest } from "../client/evaluation/pin.js";
import type { SubjectAnswers } from "../client/evaluation/subject-answers.js";
import { OptionError } from "../errors/errors.js";
import { isPromise, keyName } from "../errors/guard.js";
import { show } from "../errors/option-checks.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import { type Ask, ClientSide } from "./client-side.js";
import type { Comparisons } from "./comparisons.js";
import type { FunctionSide } from "./function-side.js";
import { isDecided } from "./outcome.js";
import type { ShadowCall, Side } from "./side.js";

/** The side that serves: one for all calls, or chosen by flag and subject. */
export type ServedSide =
  | "primary"
  | "candidate"
  | ((flagKey: string, subjectKey: string) => "primary" | "candidate");

/** Returns the result of a getter with a value that the map translated. */
export type WithValue<T> = (result: T, value: unknown) => T;

/** Serves each call from one of two sides, and has the other side compared. */
export class Serving {
  readonly #primary: ClientSide;
  readonly #compared: Side;
  /** `null`: the candidate is a function, which is only compared. */
  readonly #candidate: ClientSide | null;
  readonly #comparisons: Comparisons;
  readonly #diagnostics: Pick<Diagnostics, "warn">;
  #side: ServedSide = "primary";

  constructor(
    [primary, candidate]: readonly [primary: ClientSide, candidate: ClientSide | FunctionSide],
    comparisons: Comparisons,
    diagnostics: Pick<Diagnostics, "warn">,
  ) {
    this.#diagnostics = diagnostics;
    this.#primary = primary;
    this.#compared = candidate;
    this.#candidate = candidate instanceof ClientSide ? candidate : null;
    this.#comparisons = comparisons;
  }

  get side(): ServedSide {
    return this.#side;
  }

  /** @throws OptionError for any other value, or if the candidate is a function. */
  from(side: ServedSide): void {
    if (side !== "primary" && side !== "candidate" && typeof side !== "function") {
      throw new OptionError("serveFrom", 'expected "primary", "candidate" or a function');
    }
    if (side !== "primary" && this.#candidate === null) {
      throw new OptionError(
        "serveFrom",
        "a candidate that is a function is only compared: to switch, pass a client as the candidate",
      );
    }
    this.#side = side;
  }

  /** Pins both sides for a subject, and returns their evaluations by port. The primary's are first. */
  pin(request: SubjectRequest): ReadonlyMap<Answers<object>, SubjectAnswers<object>> {
    return new Map([...this.#primary.pin(request), ...(this.#candidate?.pin(request) ?? [])]);
  }

  /** Serves a call from one side, and compares the result with the other side. */
  serve<T>(call: ShadowCall, ask: Ask<T>, withValue: WithValue<T>): T {
    // Before the switch, an unfinished candidate must not reach users.
    const candidate = this.#side === "primary" ? null : this.#candidate;
    const isPrimary = candidate === null || this.#servesPrimary(call);
    const result = isPrimary ? null : this.#fromCandidate(candidate, call, ask, withValue);
    if (result !== null) return result;
    let other = null as T | null;
    try {
      const value = this.#primary.serve(call, ask, (outcome) => {
        const mayFallBack = isPrimary && candidate !== null && !isDecided(outcome);
        // Evaluates without side effects, to find out whether the candidate has a value.
        if (mayFallBack && isDecided(candidate.compare(call))) {
          other = this.#fromCandidate(candidate, call, ask, withValue);
        }
        return other === null; // each call is observed once
      });
      if (isPrimary && other === null) {
        this.#comparisons.withCandidate(call, this.#primary.last, this.#compared);
      } else this.#comparisons.tally.servedByOther(call.flagKey);
      return other ?? (value as T); // without a map, the primary serves each flag
    } catch (error) {
      if (other === null) throw error;
      return other;
    }
  }

  /** Returns the candidate's result, or `null` if it has no value. */
  #fromCandidate<T>(
    candidate: ClientSide,
    call: ShadowCall,
    ask: Ask<T>,
    withValue: WithValue<T>,
  ): T | null {
    try {
      const result = candidate.serve(call, ask);
      const outcome = candidate.last;
      if (result === null || !isDecided(outcome)) return null;
      const value = candidate.names.value(call.flagKey, outcome.value);
      this.#comparisons.withPrimary(call, { ...outcome, value }, this.#primary);
      return value === outcome.value ? result : withValue(result, value);
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
