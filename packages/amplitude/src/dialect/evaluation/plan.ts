import type { AmplitudeFlag } from "../flag.js";

/** The flags of an evaluation in order, dependencies first. */
export interface Plan {
  readonly flags: readonly AmplitudeFlag[];
  /** Keys of flags that depend on each other in the vendor's order, or `null`. */
  readonly cycle: readonly string[] | null;
}

type FlagsByKey = (key: string) => AmplitudeFlag | null;

/** Returns the vendor's message. */
export function cycleMessage(cycle: readonly string[]): string {
  return `Detected a cycle between flags ${cycle.join(",")}`;
}

/** Evaluation orders of one configuration. Each is computed once. */
export class Plans {
  readonly #flag: FlagsByKey;
  readonly #keys: ReadonlySet<string>;
  readonly #byKey = new Map<string, Plan>();
  #all: Plan | null = null;

  constructor(keys: ReadonlySet<string>, flag: FlagsByKey) {
    this.#keys = keys;
    this.#flag = flag;
  }

  get all(): Plan {
    this.#all ??= planFor(this.#keys, this.#flag);
    return this.#all;
  }

  /** Returns a flag and its dependencies. Empty if there is no such flag. */
  of(given: string): Plan {
    const known = this.#byKey.get(given);
    if (known !== undefined) return known;
    const key = textOfKey(given);
    const alone = this.#flag(key);
    // Most flags have such a plan. It is not cached, because it would be as large as its flag.
    if (alone?.dependencies.length === 0) return { flags: [alone], cycle: null };
    const plan = planFor([key], this.#flag);
    // Unknown keys are not cached, because callers may pass any number of them.
    if (this.#keys.has(key)) this.#byKey.set(key, plan);
    return plan;
  }

  /** Returns several flags in the given order, with their dependencies. */
  ofEach(keys: readonly string[]): Plan {
    if (keys.length === 1) return this.of(keys[0] as string); // there is one key
    const flags = new Set<AmplitudeFlag>();
    // Quirk: anything with a length is a list, and so is a Set (amplitude).
    const isList = Array.isArray(keys) || typeof keys.length !== "number";
    for (const key of isList ? keys : Array.from(keys)) {
      const plan = this.of(key);
      if (plan.cycle !== null) return plan;
      for (const flag of plan.flags) flags.add(flag);
    }
    return { flags: [...flags], cycle: null };
  }
}

/** Untyped callers may pass anything as a key. A value without a string form matches no flag. */
function textOfKey(given: string): string {
  try {
    return String(given);
  } catch {
    return given;
  }
}

/** A flag whose dependencies are being visited. */
interface Visit {
  readonly flag: AmplitudeFlag;
  next: number;
}

/** Depth first, but not recursive, because chains of dependencies may be long. */
function planFor(keys: Iterable<string>, flagOf: FlagsByKey): Plan {
  const flags = new Set<AmplitudeFlag>();
  for (const key of keys) {
    const start = flagOf(key);
    if (start === null || flags.has(start)) continue;
    const path: Visit[] = [{ flag: start, next: 0 }];
    const onPath = new Set([key]);
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const dependency = visit.flag.dependencies[visit.next++];
      if (dependency === undefined) {
        flags.add(visit.flag);
        onPath.delete(visit.flag.key);
        path.pop();
        continue;
      }
      if (onPath.has(dependency)) {
        return { flags: [], cycle: path.map(({ flag }) => flag.key) };
      }
      const flag = flagOf(dependency);
      if (flag === null || flags.has(flag)) continue;
      path.push({ flag, next: 0 });
      onPath.add(dependency);
    }
  }
  return { flags: [...flags], cycle: null };
}
