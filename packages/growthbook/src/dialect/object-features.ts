import { ErrorBudget } from "@sortition/core/dialect";
import { Interned } from "@sortition/core/dialect-internal";
import type { FeatureSet } from "./evaluation/evaluation-call.js";
import { CompiledFeature, compileFeature } from "./evaluation/feature/feature.js";
import { featurePath } from "./evaluation/feature/rule.js";
import { type CompileOptions, MalformedError, UNREPORTED } from "./malformed.js";
import { stickyAttributesOf } from "./sticky-attributes.js";

const NOTHING: object = /* @__PURE__ */ Object.freeze({});

/** Objects that were passed once. */
const known = /* @__PURE__ */ new WeakSet<object>();
/** Features of objects that were passed again. */
const byObject = /* @__PURE__ */ new WeakMap<object, ObjectFeatures>();

/** Number of used features above which equal parts are shared. */
const MANY = 16;

/**
 * The features of an object, compiled one by one, so that creation costs the same for one feature as for ten thousand.
 * A change inside a feature that was already used has no effect.
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
   * Returns the features of an object. Starting with the second call, the same object always returns the same result.
   * Before that, nothing may keep the compiled features in memory, because a program may parse its features for each
   * request. Any other value has no features.
   *
   * @param options - must be the same for each call with the same object.
   */
  static of(features: unknown, options: CompileOptions = UNREPORTED): ObjectFeatures {
    if (typeof features !== "object" || features === null) return this.of(NOTHING);
    const shared = byObject.get(features);
    if (shared !== undefined) return shared;
    const made = new this(features, options);
    // The map alone is not enough. A weak map keeps its values through several garbage collections, and these values
    // keep the key.
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

  /** Names of the attributes whose sticky buckets the features' experiments need. Computed once. */
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
