import { DecodeError } from "../../errors/errors.js";
import { md5Hex } from "../../hash/md5.js";
import type { ContextAttributes } from "../../model/attributes.js";
import type { Bandits, CompiledBandit } from "../../model/bandit.js";
import type { CompileIssue, Configuration, PayloadSet } from "../../model/configuration.js";
import type { Dialect } from "../../model/dialect.js";
import type { EventFields } from "../../model/exposure.js";
import type { CompiledFlag } from "../../model/flag.js";
import type { Steps } from "../../model/steps.js";
import { areEqualJson } from "../../payload/equal-json.js";
import { revisionOf } from "../../runtime/revision.js";
import { eventFieldsOf } from "../events.js";
import { compilePrecomputed } from "./compile.js";
import type { PrecomputedBody } from "./decode.js";

/** What a precomputed configuration is made of. */
export interface PrecomputedParts {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly body: PrecomputedBody;
  readonly issues: readonly CompileIssue[];
}

/** The answers of all flags for one subject. Whatever subject is asked for, the answers are that one's. */
export class PrecomputedConfiguration implements Configuration {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly subjectKey: string;
  readonly subject: ContextAttributes;
  readonly format: string;
  readonly isObfuscated = true;
  readonly eventFields: EventFields;
  readonly environment: string | null;
  readonly createdAt: string;
  readonly issues: readonly CompileIssue[];
  readonly issueCount: { readonly found: number; readonly complete: boolean };
  /** Hashes. */
  readonly flagKeys: ReadonlySet<string>;
  readonly bandits: Bandits;
  readonly #body: PrecomputedBody;
  /** By requested key; only keys that exist, or the map would grow with the callers' input. */
  readonly #compiled = new Map<string, CompiledFlag>();

  constructor({ dialect, payloads, body, issues }: PrecomputedParts) {
    this.dialect = dialect;
    this.payloads = payloads;
    this.subjectKey = body.subjectKey;
    this.subject = body.subject;
    this.format = body.format;
    this.eventFields = eventFieldsOf(body.format, true);
    this.environment = body.environment;
    this.createdAt = body.createdAt;
    this.issues = issues;
    this.issueCount = { found: issues.length, complete: true };
    this.flagKeys = new Set(body.flags.keys());
    const choices = [...body.choices.values()];
    this.bandits = {
      keys: new Set(choices.flatMap((it) => (it instanceof DecodeError ? [] : [it.banditKey]))),
      behind: (flagKey) => this.#bandit(flagKey),
      first: (flagKey) => this.#bandit(flagKey),
    };
    this.#body = body;
  }

  get revision(): string {
    return revisionOf(this.payloads);
  }

  get publishedAtMs(): number | null {
    const publishedAtMs = Date.parse(this.createdAt);
    return Number.isNaN(publishedAtMs) ? null : publishedAtMs;
  }

  isSameFlag(key: string, there: Configuration): boolean {
    if (!(there instanceof PrecomputedConfiguration)) return false;
    const [here, its] = [this.#body, there.#body];
    return (
      areEqualJson(here.flags.get(key), its.flags.get(key)) &&
      areEqualJson(here.choices.get(key), its.choices.get(key))
    );
  }

  /** Without keys it compiles nothing: it does not know what they are. */
  warm(keys: readonly string[] | ReadonlySet<string> = []): void {
    for (const key of keys) this.flag(key);
  }

  /** Everything was decoded when this was made. */
  *inspect(): Steps<void> {}

  flag(key: string): CompiledFlag | null {
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const wire = this.#body.flags.get(this.#hashOf(key));
    if (wire === undefined) return null;
    const flag = compilePrecomputed(key, wire);
    this.#compiled.set(key, flag);
    return flag;
  }

  /** Quirk: the choice stands whatever the caller gets for a variation (eppo). */
  #bandit(flagKey: string): CompiledBandit | null {
    const hash = this.#hashOf(flagKey);
    const chosen = this.#body.choices.get(hash);
    if (chosen === undefined || !this.#body.flags.has(hash)) return null;
    if (chosen instanceof DecodeError) throw chosen;
    const { numericAttributes, categoricalAttributes } = this.subject;
    const choice = {
      ...chosen,
      subjectNumericAttributes: numericAttributes,
      subjectCategoricalAttributes: categoricalAttributes,
    };
    return {
      key: chosen.banditKey,
      choose: () => choice,
      // Weights and scores of the others are not told.
      weighed: () => [],
      best: () => choice.action,
    };
  }

  #hashOf(flagKey: string): string {
    return md5Hex(this.#body.salt + flagKey);
  }
}
