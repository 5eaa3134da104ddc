import { Interned } from "@sortition/core/dialect";
import type { FeatureSet } from "./evaluation/evaluation-call.js";
import { CompiledFeature, compileFeature } from "./evaluation/feature/feature.js";
import { type CompileOptions, MalformedError, UNREPORTED } from "./malformed.js";
import { stickyAttributesOf } from "./sticky-attributes.js";

const NOTHING: object = /* @__PURE__ */ Object.freeze({});

const byObject = /* @__PURE__ */ new WeakMap<object, ObjectFeatures>();

/**
 * The features of an object, compiled once for each object and feature by feature: making it costs the same
 * for one feature and for ten thousand. A change inside a feature that was used is not seen.
 */
export class ObjectFeatures implements FeatureSet {
  readonly #features: Readonly<Record<string, unknown>>;
  readonly #options: CompileOptions;
  readonly #compiled = new Map<string, CompiledFeature | null>();
  #stickyAttributes: readonly string[] | null = null;

  private constructor(features: object, options: CompileOptions) {
    this.#features = features as Readonly<Record<string, unknown>>; // only own members are read
    this.#options = { ...options, interned: new Interned() };
  }

  /**
   * The features of an object; always the same for the same object. Anything else has none.
   *
   * @param options - always the same for the same object.
   */
  static of(features: unknown, options: CompileOptions = UNREPORTED): ObjectFeatures {
    if (typeof features !== "object" || features === null) return ObjectFeatures.of(NOTHING);
    const known = byObject.get(features);
    if (known !== undefined) return known;
    const made = new ObjectFeatures(features, options);
    byObject.set(features, made);
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
    const path = `$.features[${JSON.stringify(key)}]`;
    try {
      return compileFeature(key, this.#features[key], path, this.#options);
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
