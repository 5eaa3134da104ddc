import type { CompileIssue, Configuration, PayloadSet } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import type { EventFields } from "../model/exposure.js";
import type { Steps } from "../model/steps.js";
import { type FlagCompiler, LazyFlags } from "../payload/lazy-flags.js";
import type { FlagsPlace } from "../payload/raw-flags.js";
import { revisionOf } from "../runtime/revision.js";
import type { BanditModels } from "./bandit/decode.js";
import { BanditDirectory } from "./bandit/directory.js";
import type { BanditReference } from "./bandit/wire.js";
import { FLAGS_PLACE } from "./bodies.js";
import { isObfuscated } from "./decode.js";
import type { EppoConfiguration } from "./eppo-configuration.js";
import { eventFieldsOf } from "./events.js";
import type { UfcFlag } from "./flag.js";
import { flagCompiler } from "./flag-compiler.js";
import type { UfcFormat } from "./format.js";
import type { FlagsBody } from "./wire.js";

/** Issue code: flags refer to a bandit that has no model. */
export const BANDIT_MODEL_MISSING = "bandit-model-missing";

const NO_EVENT_FIELDS: EventFields = /* @__PURE__ */ Object.freeze({
  assignment: {},
  metaData: {},
});

/** Parts of a UFC configuration. Flags are not decoded yet. */
export interface UfcParts {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly body: FlagsBody;
  readonly banditReferences: readonly BanditReference[];
  readonly banditModels: BanditModels;
  /** Whether risky patterns are refused. */
  readonly refuses: boolean;
  /** How flags are compiled; default: {@link flagCompiler}. */
  readonly compiler?: FlagCompiler<UfcFlag>;
  /** Where the flags are; default: where Eppo's are. */
  readonly place?: FlagsPlace;
  /** Default: Eppo's. */
  readonly format?: UfcFormat;
}

/** A configuration in the Universal Flag Configuration format. */
export class UfcConfiguration implements EppoConfiguration {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly environment: string | null;
  /** As the payload has it; empty if it is missing. */
  readonly createdAt: string;
  /** `SERVER`, `CLIENT`, …; empty if it is missing. */
  readonly format: string;
  readonly isObfuscated: boolean;
  readonly bandits: BanditDirectory;
  readonly banditReferences: readonly BanditReference[];
  readonly eventFields: EventFields;
  readonly #parts: UfcParts;
  readonly #flags: LazyFlags<UfcFlag>;
  readonly #banditIssues: readonly CompileIssue[];
  #fetchedAt: string | null = null;

  constructor(parts: UfcParts) {
    const { dialect, payloads, body, banditReferences, banditModels } = parts;
    this.#parts = parts;
    this.dialect = dialect;
    this.payloads = payloads;
    this.environment = body.environment;
    this.createdAt = body.createdAt;
    this.format = body.format;
    const isEppos = parts.format === undefined;
    this.isObfuscated = isEppos && isObfuscated(body);
    this.eventFields = isEppos ? eventFieldsOf(this.format, this.isObfuscated) : NO_EVENT_FIELDS;
    this.banditReferences = banditReferences;
    this.bandits = new BanditDirectory(banditReferences, banditModels);
    this.#banditIssues = [
      ...banditModels.issues,
      ...missingModels(banditReferences, this.bandits.keys),
    ];
    this.#flags = new LazyFlags({
      raw: body.flags,
      place: this.place,
      compiler:
        parts.compiler ?? flagCompiler({ isObfuscated: this.isObfuscated, refuses: parts.refuses }),
      sharedPartsOf: (payloadKey) => this.#banditsOf(payloadKey),
    });
  }

  get place(): FlagsPlace {
    return this.#parts.place ?? FLAGS_PLACE;
  }

  /** ISO 8601. */
  get fetchedAt(): string {
    // Formatted when it is read: the first date of a process takes a sixth of a millisecond.
    if (this.#fetchedAt === null) {
      const fetchedAtMs = Math.max(...this.payloads.map((payload) => payload.fetchedAtMs));
      this.#fetchedAt = new Date(fetchedAtMs).toISOString();
    }
    return this.#fetchedAt;
  }

  get revision(): string {
    return revisionOf(this.payloads);
  }

  get publishedAtMs(): number | null {
    const publishedAtMs = Date.parse(this.createdAt);
    return Number.isNaN(publishedAtMs) ? null : publishedAtMs;
  }

  get flagKeys(): ReadonlySet<string> {
    return this.#flags.keys;
  }

  get issues(): readonly CompileIssue[] {
    return [...this.#flags.issues, ...this.#banditIssues];
  }

  get issueCount(): { readonly found: number; readonly complete: boolean } {
    const { complete, found } = this.#flags.issueCount;
    return { found: found + this.#banditIssues.length, complete };
  }

  isSameFlag(key: string, there: Configuration): boolean {
    // Configurations of other dialects have no flag of this one.
    return #flags in there && this.#flags.isSame(key, there.#flags);
  }

  warm(keys?: readonly string[] | ReadonlySet<string>): void {
    this.#flags.warm(keys);
  }

  inspect(): Steps<void> {
    return this.#flags.inspect();
  }

  /** Takes over the compiled flags of a former configuration whose content did not change. */
  adopt(former: UfcConfiguration): Steps<void> {
    return this.#flags.adopt(former.#flags);
  }

  flag(key: string): UfcFlag | null {
    return this.#flags.flag(key);
  }

  /** What it was made from: for explanations, which compile flags in another way. */
  get parts(): UfcParts {
    return this.#parts;
  }

  /** References and models of the bandits behind a flag; `null` if there are none. */
  #banditsOf(key: string): unknown {
    const { banditModels, banditReferences } = this.#parts;
    const variations = banditReferences.flatMap(({ flagVariations }) =>
      flagVariations.filter(({ flagKey }) => flagKey === key),
    );
    if (variations.length === 0) return null;
    return variations.map((variation) => [variation, banditModels.wires[variation.key]]);
  }
}

function missingModels(
  references: readonly BanditReference[],
  banditKeys: ReadonlySet<string>,
): CompileIssue[] {
  return references
    .filter(({ banditKey }) => !banditKeys.has(banditKey))
    .map(({ banditKey, path }) => ({
      path,
      flagKey: null,
      code: BANDIT_MODEL_MISSING,
      message: `no model is loaded for bandit "${banditKey}"`,
    }));
}
