import { ErrorBudget, Interned } from "@sortition/core/dialect";
import type { FeatureSet } from "./evaluation/evaluation-call.js";
import { CompiledFeature, compileFeature } from "./evaluation/feature/feature.js";
import { featurePath } from "./evaluation/feature/rule.js";
import { type CompileOptions, MalformedError, UNREPORTED } from "./malformed.js";
import { stickyAttributesOf } from "./sticky-attributes.js";

const NOTHING: object = /* @__PURE__ */ Object.freeze({});

/** Objects that were given once. */
const known = /* @__PURE__ */ new WeakSet<object>();
/** Of those that were given again. */
const byObject = /* @__PURE__ */ new WeakMap<object, ObjectFeatures>();

/** From this number of used features on, equal parts of them are shared. */
const MANY = 16;

/**
 * The features of an object, compiled feature by feature: making it costs the same for one feature and for ten thousand.
 * A change inside a feature that was used is not seen.
 */
export class ObjectFeatures implements FeatureSet {
  readonly #features: Readonly<Record<string, unknown>>;
  readonly #compiled = new Map<string, CompiledFeature | null>();
  #options: CompileOptions;
  #stickyAttributes: readonly string[] | null = null;

  private constructor(features: object, options: CompileOptions) {
    this.#features = features as Readonly<Record<string, unknown>>; // only own members are read
    this.#options = options;
  }

  /**
   * The features of an object. From the second time on always the same for the same object: until then, nothing may
   * hold what is compiled, since a program may parse its features for each request. Anything else has none.
   *
   * @param options - always the same for the same object.
   */
  static of(features: unknown, options: CompileOptions = UNREPORTED): ObjectFeatures {
    if (typeof features !== "object" || features === null) return this.of(NOTHING);
    const shared = byObject.get(features);
    if (shared !== undefined) return shared;
    const made = new this(features, options);
    // Not by the map alone: a weak map holds its values through several collections, and these hold the key.
    if (known.has(features)) byObject.set(features, made);
    else known.add(features);
    return made;
  }

  feature(key: string): CompiledFeature | null {
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    if (!Object.hasOwn(this.#features, key)) return null;
    const feature = this.#compile(key);
    this.#compiled.set(key, feature);
    return feature;
  }

  /** Names of the attributes whose sticky buckets the experiments of the features need. Found once. */
  get stickyAttributes(): readonly string[] {
    this.#stickyAttributes ??= stickyAttributesOf(this.#rules(), []);
    return this.#stickyAttributes;
  }

  #compile(key: string): CompiledFeature | null {
    if (this.#compiled.size === MANY)
      this.#options = { ...this.#options, interned: new Interned() };
    const path = featurePath(key);
    const errors = new ErrorBudget((problem) => new MalformedError(path, problem));
    try {
      return compileFeature(key, this.#features[key], { ...this.#options, errors });
    } catch {
      const error = new MalformedError(path, "cannot be compiled");
      return new CompiledFeature(key, error, false, undefined, false);
    }
  }

  *#rules(): Iterable<unknown> {
    for (const feature of Object.values(this.#features)) {
      const rules = (feature as { readonly rules?: unknown } | null)?.rules;
      if (Array.isArray(rules)) yield* rules;
    }
  }
}
