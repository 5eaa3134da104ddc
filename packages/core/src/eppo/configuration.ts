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

/** Issue code of flags that refer to a bandit without a model. */
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
  /** Compiles flags. Default: {@link flagCompiler}. */
  readonly compiler?: FlagCompiler<UfcFlag>;
  /** Where the flags are. Default: as in Eppo's format. */
  readonly place?: FlagsPlace;
  /** Default: Eppo's format. */
  readonly format?: UfcFormat;
}

/** A configuration in the Universal Flag Configuration format. */
export class UfcConfiguration implements EppoConfiguration {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly environment: string | null;
  /** The payload's `createdAt`. Empty if it is missing. */
  readonly createdAt: string;
  /** `SERVER`, `CLIENT`, … Empty if it is missing. */
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

  /** When the flags were fetched, ISO 8601. */
  get fetchedAt(): string {
    // Formatted on first read, because the first date of a process takes a sixth of a millisecond.
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
    // Configurations of other dialects do not have flags of this dialect.
    return #flags in there && this.#flags.isSame(key, there.#flags);
  }

  warm(keys?: readonly string[] | ReadonlySet<string>): void {
    this.#flags.warm(keys);
  }

  inspect(): Steps<void> {
    return this.#flags.inspect();
  }

  /** Reuses the compiled flags of the previous configuration whose content did not change. */
  adopt(former: UfcConfiguration): Steps<void> {
    return this.#flags.adopt(former.#flags);
  }

  flag(key: string): UfcFlag | null {
    return this.#flags.flag(key);
  }

  /** The parts that it was created from. Explanations use them to compile flags in another way. */
  get parts(): UfcParts {
    return this.#parts;
  }

  /** Returns references and models of the bandits behind a flag, or `null`. */
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
