import { isJsonObject } from "@sortition/core/dialect";
import { compiledOnce } from "./compiled-once.js";
import { isMet } from "./condition/compiled.js";
import { compileCondition } from "./condition/condition.js";
import type {
  BanditSet,
  ContextualBandit,
  EvaluationCall,
  Leaf,
} from "./evaluation/evaluation-call.js";
import { type CompileOptions, MalformedError, malformed } from "./malformed.js";

/** The contextual bandits of a payload. Each is compiled on first use. */
export class ContextualBandits implements BanditSet {
  readonly #raw: object;
  readonly #options: CompileOptions;
  readonly #bandits = new Map<string, ContextualBandit | null>();

  constructor(raw: unknown, options: CompileOptions) {
    this.#raw = typeof raw === "object" && raw !== null ? raw : {};
    this.#options = options;
  }

  /** Returns `null` if there is no such bandit. */
  bandit(ref: string): ContextualBandit | null {
    const known = this.#bandits.get(ref);
    if (known !== undefined) return known;
    if (!Object.hasOwn(this.#raw, ref)) return null;
    const bandit = this.#compile((this.#raw as Readonly<Record<string, unknown>>)[ref], ref);
    this.#bandits.set(ref, bandit);
    return bandit;
  }

  /** Compiles all bandits, which reports malformed ones. */
  compileAll(): void {
    for (const ref of Object.keys(this.#raw)) this.bandit(ref);
  }

  #compile(raw: unknown, ref: string): ContextualBandit | null {
    if (!raw) return null;
    const path = `$.contextualBandits[${JSON.stringify(ref)}]`;
    const { report } = this.#options;
    if (!isJsonObject(raw)) {
      report(path, "expected an object", "malformed");
      return { banditVersion: undefined, leaves: [] };
    }
    const { banditVersion, contexts } = raw;
    const isList = Array.isArray(contexts);
    if (contexts && !isList) report(`${path}.contexts`, "expected an array", "malformed");
    // Quirk: a string is treated as a list of characters, whose first element is a context for all users (growthbook).
    const list: readonly unknown[] = isList
      ? contexts
      : typeof contexts === "string"
        ? [...contexts.slice(0, 1)]
        : [];
    return {
      banditVersion: banditVersion as number | undefined, // reported as received
      leaves: list.map((it, i) => compileLeaf(it, `${path}.contexts[${i}]`, this.#options)),
    };
  }
}

function compileLeaf(raw: unknown, path: string, options: CompileOptions): Leaf | MalformedError {
  if (raw === null || raw === undefined) {
    return malformed(path, "expected an object, got nothing", options);
  }
  const { condition, leafId, weights } = raw as Readonly<Record<string, unknown>>; // a scalar has no members
  return {
    leafId: leafId as number, // reported as received
    weights: weights as number[] | undefined, // checked when it is used
    condition: compileCondition(condition || {}, `${path}.condition`, options),
  };
}

/**
 * Returns the first context that matches the user. Quirk: returns `null` if a condition before it throws (growthbook).
 *
 * @param onThrow - called with the error.
 */
export function chooseLeaf(
  { leaves }: ContextualBandit,
  context: EvaluationCall,
  onThrow: (error: unknown) => void = () => {},
): Leaf | null {
  try {
    for (const leaf of leaves) {
      if (leaf instanceof MalformedError) throw leaf;
      if (isMet(leaf.condition, context, context)) return leaf;
    }
  } catch (error) {
    onThrow(error); // as if no context had matched
  }
  return null;
}

/** Returns the bandits of an object. */
export const contextualBanditsOf: (raw: unknown) => ContextualBandits =
  /* @__PURE__ */ compiledOnce(ContextualBandits);
