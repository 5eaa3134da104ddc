import { withErrorBudget } from "../conditions/error-budget.js";
import { DecodeError } from "../errors/errors.js";
import type { Check } from "../model/check.js";
import type { CompileIssue } from "../model/configuration.js";
import type { Steps } from "../model/steps.js";
import { runAtOnce } from "../runtime/slices.js";
import { isObject } from "./copy-json.js";
import { areEqualJson } from "./equal-json.js";
import { flagPath } from "./flag-path.js";
import { Interned } from "./interned.js";
import { InspectionEnd, IssueList } from "./issue-list.js";
import type { FlagsPlace, RawFlags } from "./raw-flags.js";

/** Number of flags that are looked up, or compared with the previous configuration, in one step. */
const FLAGS_PER_STEP = 32;

/** An undecoded flag, for a {@link FlagCompiler}. */
export interface FlagSource {
  /** The key that callers request. */
  readonly key: string;
  /** The flag's key in the payload, which is {@link key} or its hash. */
  readonly payloadKey: string;
  /** JSON path of the flag, e.g. `$.flags["checkout"]`. */
  readonly path: string;
  /** The parsed flag. It may be the payload's own object, so do not modify it. */
  readonly raw: unknown;
  /** Objects that flags of one configuration share. */
  readonly interned: Interned;
  /**
   * Records a malformed part of the flag as an issue.
   *
   * @param code - one of the dialect's `issueCodes`. Default: `malformed`.
   */
  report(error: DecodeError, code?: string): void;
  /** Postpones a check of the flag until its issues are read. */
  later(check: Check): void;
}

/**
 * Compiles the flags of a dialect. Create it once, not for each configuration, because flags are only adopted from the
 * previous configuration if both have the same compiler object.
 */
export interface FlagCompiler<Flag extends object> {
  /**
   * Compiles a flag only from its own content. Anything else that it needs (shared groups, other flags) is read from
   * `Scope.configuration` when it is evaluated, because the next configuration reuses flags whose content did not
   * change.
   *
   * @returns `null` if the vendor treats the flag as absent.
   * @throws any error, which becomes an issue. {@link compileBroken} is called then.
   */
  compile(source: FlagSource): Flag | null;
  /**
   * Creates a replacement for a flag that could not be compiled. Usually it throws `error` when it is evaluated.
   *
   * @param raw - the parsed flag, or `undefined` if its content is not JSON.
   * @returns `null` if the vendor treats the flag as absent.
   */
  compileBroken(key: string, error: DecodeError, raw: unknown): Flag | null;
  /** Returns the payload's key for a requested key, if the payload has hashes. Default: the same key. */
  readonly payloadKeyOf?: (key: string) => string;
}

/** The parts of {@link LazyFlags}. */
export interface LazyFlagsParts<Flag extends object> {
  /** The flags that `readFlags` returned. */
  readonly raw: RawFlags;
  /** The place that was passed to `readFlags`. */
  readonly place: FlagsPlace;
  readonly compiler: FlagCompiler<Flag>;
  /**
   * Returns the shared parts of the payload that a flag uses, as JSON. If they differ, the flag is treated as changed
   * even if its own content is the same. A dialect that does not know which flags use a part returns the whole part, as
   * the same object for every flag. Default: there are none.
   */
  readonly sharedPartsOf?: (payloadKey: string) => unknown;
  /** Whether issues name the flag. `false` for items that flags share, such as segments. Default: `true`. */
  readonly namesFlags?: boolean;
}

/**
 * The flags of one configuration. Each flag is decoded and compiled on first use, and kept under the requested key.
 * Keys that do not exist are not kept, so the number of entries is limited by the payload instead of the callers'
 * input. It may also contain other items of a payload, such as segments.
 *
 * A `Configuration` implements `flagKeys`, `flag`, `issues`, `issueCount`, `isSameFlag`, `warm` and `inspect` by
 * delegating to it.
 */
export class LazyFlags<Flag extends object> {
  readonly #parts: LazyFlagsParts<Flag>;
  /** Compiled flags by requested key. */
  readonly #compiled = new Map<string, Flag>();
  /** Issues of decoded flags, by key in the payload. Most flags have none. */
  readonly #issues = new Map<string, IssueList>();
  /** Postponed checks of decoded flags, by key in the payload. */
  readonly #checks = new Map<string, Check[]>();
  /** 1 for each decoded flag, by its number. Garbage collection of a map with ten thousand entries would cost more. */
  readonly #isDecoded: Uint8Array;
  #decodedCount = 0;
  #interned = new Interned();
  /** Whether a shared part equals one of ours, by the other configuration's part. */
  readonly #comparedParts = new WeakMap<
    object,
    { readonly here: object; readonly areEqual: boolean }
  >();

  constructor(parts: LazyFlagsParts<Flag>) {
    this.#parts = parts;
    this.#isDecoded = new Uint8Array(parts.raw.keys.size);
  }

  /** Keys of all flags as in the payload, including broken and disabled flags. */
  get keys(): ReadonlySet<string> {
    return this.#parts.raw.keys;
  }

  /**
   * Returns the compiled flag, or `null`.
   *
   * @param key - the requested key, not hashed.
   */
  flag(key: string): Flag | null {
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const payloadKey = this.#payloadKeyOf(key);
    if (!this.keys.has(payloadKey)) return null;
    const flag = this.#decode(payloadKey, key);
    if (flag !== null) this.#compiled.set(key, flag);
    return flag;
  }

  /**
   * Issues of elements that are not flags, then of all flags in the order of {@link keys}, at most 100 each. Reading it
   * decodes all flags that are not yet decoded.
   */
  get issues(): readonly CompileIssue[] {
    if (!this.#isComplete) runAtOnce(this.inspect());
    const strays = this.#parts.raw.strays?.list() ?? [];
    if (this.#issues.size === 0) return strays;
    return [...strays, ...[...this.keys].flatMap((key) => this.#issues.get(key)?.list() ?? [])];
  }

  /**
   * Number of issues found so far, including issues that are not listed, and whether all flags have been decoded.
   * Reading it decodes nothing.
   */
  get issueCount(): { readonly found: number; readonly complete: boolean } {
    let found = this.#parts.raw.strays?.found ?? 0;
    for (const issues of this.#issues.values()) found += issues.found;
    return { found, complete: this.#isComplete };
  }

  /**
   * Whether a flag has the same content, and uses equal shared parts, in both configurations. A difference in white
   * space may be treated as a change.
   *
   * @param payloadKey - one of {@link keys}.
   */
  isSame(payloadKey: string, there: LazyFlags<Flag>): boolean {
    return (
      this.#isSameForm(there) &&
      this.#parts.raw.isSame(payloadKey, there.#parts.raw) &&
      this.#hasSameSharedParts(payloadKey, there)
    );
  }

  /**
   * Compiles flags before their first use.
   *
   * @param keys - keys as callers request them. Default: all flags, unless the payload has hashes.
   */
  warm(keys?: readonly string[] | ReadonlySet<string>): void {
    for (const key of keys ?? (this.#isHashed ? [] : this.keys)) this.flag(key);
  }

  /**
   * Decodes and checks every flag that is not yet decoded, one per step, and keeps only the issues. A flag with
   * thousands of issues is not decoded to its end.
   */
  *inspect(): Steps<void> {
    let passed = 0;
    // A separate pool, because the pool of the flags in use would retain parts of flags that no caller requested.
    const interned = new Interned();
    for (const key of this.keys) {
      if (this.#isComplete) return;
      if (!this.#wasDecoded(key)) this.#inspectFlag(key, interned);
      else if (++passed % FLAGS_PER_STEP !== 0 && !this.#checks.has(key)) continue;
      yield* this.#check(key);
      yield;
    }
  }

  *#check(key: string): Steps<void> {
    const checks = this.#checks.get(key) ?? [];
    for (let check = checks.shift(); check !== undefined; check = checks.shift()) {
      check((error, code) => this.#addIssue(key, error, code));
      yield;
    }
    this.#checks.delete(key);
  }

  /**
   * Reuses compiled flags and issues of the previous configuration if the flag's content did not change. Call it before
   * anything is decoded here. Does nothing if the compilers differ.
   */
  *adopt(former: LazyFlags<Flag>): Steps<void> {
    if (this.#parts.compiler !== former.#parts.compiler) return;
    this.#interned = former.#interned;
    let seen = 0;
    for (const payloadKey of former.keys) {
      if (former.#wasDecoded(payloadKey) && this.#parts.raw.isSame(payloadKey, former.#parts.raw)) {
        this.#remember(payloadKey, former.#issues.get(payloadKey)?.copy());
        const checks = former.#checks.get(payloadKey);
        if (checks !== undefined) this.#checks.set(payloadKey, [...checks]);
      }
      if (++seen % FLAGS_PER_STEP === 0) yield;
    }
    for (const [key, flag] of former.#compiled) {
      // A compiled flag was decoded, and the flags decoded here were just adopted.
      if (this.#wasDecoded(this.#payloadKeyOf(key))) this.#compiled.set(key, flag);
      if (++seen % FLAGS_PER_STEP === 0) yield;
    }
  }

  #inspectFlag(key: string, interned: Interned): void {
    try {
      this.#decode(key, key, interned, (issues) => issues.endInspection());
    } catch (error) {
      if (!(error instanceof InspectionEnd)) throw error;
    }
  }

  /** @param onIssue - called after each new issue. */
  #decode(
    payloadKey: string,
    key: string,
    interned = this.#interned,
    onIssue: (issues: IssueList) => void = () => {},
  ): Flag | null {
    const { compiler, place, raw: flags } = this.#parts;
    // A flag that is decoded again has the same issues.
    const isNew = !this.#wasDecoded(payloadKey);
    this.#remember(payloadKey);
    const report: FlagSource["report"] = (error, code) => {
      if (isNew) onIssue(this.#addIssue(payloadKey, error, code));
    };
    const checks: Check[] = [];
    const later = (check: Check): void => {
      if (isNew) this.#checks.set(payloadKey, checks);
      checks.push(check);
    };
    const path = flagPath(place, payloadKey);
    let raw: unknown;
    try {
      raw = flags.read(payloadKey, path);
      const source: FlagSource = { key, payloadKey, path, raw, interned, report, later };
      return withErrorBudget(path, () => compiler.compile(source));
    } catch (cause) {
      if (cause instanceof InspectionEnd) throw cause;
      const error =
        cause instanceof DecodeError ? cause : new DecodeError(path, "not a flag", { cause });
      report(error);
      return compiler.compileBroken(key, error, raw);
    }
  }

  #payloadKeyOf(key: string): string {
    const { payloadKeyOf } = this.#parts.compiler;
    return payloadKeyOf === undefined ? key : payloadKeyOf(key);
  }

  /** Whether keys have the same meaning in both configurations. */
  #isSameForm(there: LazyFlags<Flag>): boolean {
    return this.#isHashed === there.#isHashed;
  }

  #hasSameSharedParts(payloadKey: string, there: LazyFlags<Flag>): boolean {
    const here = this.#parts.sharedPartsOf?.(payloadKey);
    const its = there.#parts.sharedPartsOf?.(payloadKey);
    if (!isObject(here) || !isObject(its)) return Object.is(here, its);
    // Parts that all flags share are the same two objects for each flag, so they are compared only once.
    const known = this.#comparedParts.get(its);
    if (known?.here === here) return known.areEqual;
    const areEqual = areEqualJson(here, its);
    this.#comparedParts.set(its, { here, areEqual });
    return areEqual;
  }

  get #isHashed(): boolean {
    return this.#parts.compiler.payloadKeyOf !== undefined;
  }

  get #isComplete(): boolean {
    return this.#decodedCount === this.#isDecoded.length && this.#checks.size === 0;
  }

  #wasDecoded(payloadKey: string): boolean {
    return this.#isDecoded[this.#parts.raw.numberOf(payloadKey) ?? -1] === 1;
  }

  #addIssue(payloadKey: string, error: DecodeError, code = "malformed"): IssueList {
    const { namesFlags = true } = this.#parts;
    const issues = this.#issues.get(payloadKey) ?? new IssueList(namesFlags ? payloadKey : null);
    this.#issues.set(payloadKey, issues);
    issues.add(error, code);
    return issues;
  }

  #remember(payloadKey: string, issues?: IssueList): void {
    const number = this.#parts.raw.numberOf(payloadKey) as number; // callers checked that it exists
    if (this.#isDecoded[number] === 0) this.#decodedCount += 1;
    this.#isDecoded[number] = 1;
    if (issues !== undefined) this.#issues.set(payloadKey, issues);
  }
}
