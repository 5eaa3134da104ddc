import type { Definitions, EvaluationCall } from "../evaluation/evaluation-call.js";
import type { CompiledFilter, FilterWire } from "./filter.js";
import { asDependency, type Tri, triOf, UNRESOLVED_DEPENDENCY, UNSUPPORTED } from "./tri.js";

interface DependencyWire extends FilterWire {
  readonly key?: unknown;
  readonly dependency_chain?: unknown;
}

/** The value of a flag in one call, or the reason why it has none. */
type Known = { readonly value: unknown } | Tri;

/**
 * Compiles a filter on the value of another flag. The flags of its chain are evaluated in order, each once per call.
 *
 * @see src/README.md, "Dependencies"
 */
export function compileDependency(
  wire: FilterWire,
): Pick<CompiledFilter, "test" | "isUnsupported"> {
  const { dependency_chain: rawChain, key, value } = wire as DependencyWire;
  const keys = Array.isArray(rawChain) ? rawChain.map(String) : [];
  // Quirk: names that every object inherits are treated as known flags without a value (posthog).
  const chain = keys.filter((it) => !(it in Object.prototype));
  const target = String(key);
  if (keys.length === 0) return { test: () => UNSUPPORTED, isUnsupported: () => true };
  return {
    test(call) {
      const results = call.dependencies() as Map<string, Known>;
      for (const flagKey of chain) {
        if (!results.has(flagKey) && !isDefined(flagKey, call)) return UNSUPPORTED;
      }
      for (const flagKey of chain) {
        const known = results.get(flagKey) ?? evaluate(flagKey, call, results);
        if (typeof known === "number") return known;
      }
      const known = results.get(target);
      return triOf(isExpected(value, typeof known === "object" ? known.value : undefined));
    },
    isUnsupported: (definitions) => chain.some((flagKey) => !isDefined(flagKey, definitions)),
  };
}

function evaluate(flagKey: string, call: EvaluationCall, results: Map<string, Known>): Known {
  // Set for flags that depend on each other, for which the vendor's SDK would never return.
  results.set(flagKey, UNRESOLVED_DEPENDENCY);
  const known = outcomeOf(flagKey, call);
  results.set(flagKey, known);
  return known;
}

function outcomeOf(flagKey: string, call: EvaluationCall): Known {
  const flag = call.configuration.flag(flagKey);
  // The flag has other evaluation contexts. The server treats it as off.
  if (flag === null) return { value: false };
  try {
    const outcome = call.forPerson(flag);
    return typeof outcome === "number" ? asDependency(outcome) : outcome;
  } catch {
    return UNRESOLVED_DEPENDENCY;
  }
}

function isDefined(flagKey: string, { configuration }: Definitions): boolean {
  return configuration.flagKeys.has(flagKey);
}

/** Returns whether a value is the expected one. `true` also matches any variant. */
function isExpected(expected: unknown, value: unknown): boolean {
  if (typeof expected === "string") return value === expected;
  if (typeof expected !== "boolean") return false;
  return value === expected || (expected && typeof value === "string" && value !== "");
}
