import {
  type Decoded,
  isJsonObject,
  type JsonObject,
  member,
  type Report,
} from "../../conditions/decode.js";
import { DecodeError } from "../../errors/errors.js";
import { md5Hex } from "../../hash/md5.js";
import { revisionOf } from "../../hash/revision.js";
import type { CompiledBandit } from "../../model/bandit.js";
import type { CompileIssue, Configuration, PayloadSet } from "../../model/configuration.js";
import type { Dialect } from "../../model/dialect.js";
import type { Steps } from "../../model/steps.js";
import { areEqualJson } from "../../payload/equal-json.js";
import type { RawFlags } from "../../payload/raw-flags.js";
import type { BanditModels } from "../bandit/decode.js";
import { BanditDirectory } from "../bandit/directory.js";
import type { BanditReference } from "../bandit/wire.js";
import { brokenFlag, compileFlag, type UfcFlag } from "./compile.js";
import { decodeFlag, isObfuscated } from "./decode.js";
import { deobfuscateFlag } from "./deobfuscate.js";
import type { FlagsBody, FlagWire } from "./wire.js";

/** Flags that are looked up, or compared with their former selves, in one step. */
const FLAGS_PER_STEP = 32;

/** What a UFC configuration is made of; flags are still undecoded. */
export interface UfcParts {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly body: FlagsBody;
  readonly banditReferences: readonly BanditReference[];
  readonly banditModels: BanditModels;
  /** How flags are compiled; {@link compileFlag} unless somebody observes them. */
  readonly compile?: FlagCompiler;
}

/** Makes a flag of its wire form. */
export type FlagCompiler = (key: string, wire: FlagWire, isObfuscated: boolean) => UfcFlag;

/** A configuration in the Universal Flag Configuration format. */
export class UfcConfiguration implements Configuration {
  readonly dialect: Dialect;
  readonly payloads: PayloadSet;
  readonly environment: string | null;
  /** As the vendor wrote it; empty if it did not. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly fetchedAt: string;
  /** `SERVER`, `CLIENT`, …; empty if the payload does not say. */
  readonly format: string;
  readonly isObfuscated: boolean;
  readonly banditKeys: ReadonlySet<string>;
  readonly #parts: UfcParts;
  readonly #flags: RawFlags;
  readonly #banditReferences: readonly BanditReference[];
  readonly #banditModels: BanditModels;
  readonly #banditIssues: readonly CompileIssue[];
  /** By requested key; only keys that exist, or the map would grow with the callers' input. */
  readonly #compiled = new Map<string, UfcFlag>();
  /** Of flags that were decoded, by key in the payload; of most there is nothing to be said. */
  readonly #flagIssues = new Map<string, readonly CompileIssue[]>();
  /** 1 for each flag that was decoded, by number: a map of ten thousand is garbage by the next refresh. */
  readonly #isDecoded: Uint8Array;
  #decodedCount = 0;
  readonly #bandits: BanditDirectory;

  constructor(parts: UfcParts) {
    const { dialect, payloads, body, banditReferences, banditModels } = parts;
    this.#parts = parts;
    this.dialect = dialect;
    this.payloads = payloads;
    this.environment = body.environment;
    this.createdAt = body.createdAt;
    const fetchedAtMs = Math.max(...payloads.map((payload) => payload.fetchedAtMs));
    this.fetchedAt = new Date(fetchedAtMs).toISOString();
    this.format = body.format;
    this.isObfuscated = isObfuscated(body);
    this.banditKeys = new Set(banditModels.models.keys());
    this.#flags = body.flags;
    this.#isDecoded = new Uint8Array(body.flags.keys.size);
    this.#banditReferences = banditReferences;
    this.#banditModels = banditModels;
    this.#bandits = new BanditDirectory(banditReferences, banditModels);
    this.#banditIssues = [
      ...banditModels.issues,
      ...missingModels(banditReferences, this.banditKeys),
    ];
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
    const { keys } = this.#flags;
    if (!this.#isComplete) {
      for (const key of keys) if (!this.#wasDecoded(key)) this.#decode(key, key);
    }
    const flagIssues: CompileIssue[] = [];
    if (this.#flagIssues.size > 0) {
      for (const key of keys) flagIssues.push(...(this.#flagIssues.get(key) ?? []));
    }
    return [...flagIssues, ...this.#banditIssues];
  }

  get issueCount(): { readonly found: number; readonly complete: boolean } {
    let found = this.#banditIssues.length;
    for (const issues of this.#flagIssues.values()) found += issues.length;
    return { found, complete: this.#isComplete };
  }

  isSameFlag(key: string, there: Configuration): boolean {
    // A configuration of another dialect has no flag of this one.
    if (!(there instanceof UfcConfiguration)) return false;
    return (
      this.isObfuscated === there.isObfuscated &&
      this.#flags.isSame(key, there.#flags) &&
      areEqualJson(this.#banditsOf(key), there.#banditsOf(key))
    );
  }

  /** Without keys an obfuscated configuration compiles nothing: it does not know what they are. */
  warm(
    keys: readonly string[] | ReadonlySet<string> = this.isObfuscated ? [] : this.flagKeys,
  ): void {
    for (const key of keys) this.flag(key);
  }

  *inspect(): Steps<void> {
    let passed = 0;
    for (const key of this.#flags.keys) {
      if (this.#isComplete) return;
      if (!this.#wasDecoded(key)) this.#decode(key, key);
      else if (++passed % FLAGS_PER_STEP !== 0) continue;
      yield;
    }
  }

  /** Takes over what another configuration knows of flags whose text is the same. */
  *adopt(former: UfcConfiguration): Steps<void> {
    if (this.isObfuscated !== former.isObfuscated) return;
    let seen = 0;
    for (const payloadKey of former.#flags.keys) {
      if (former.#wasDecoded(payloadKey) && this.#flags.isSame(payloadKey, former.#flags)) {
        this.#remember(payloadKey, former.#flagIssues.get(payloadKey));
      }
      if (++seen % FLAGS_PER_STEP === 0) yield;
    }
    if (this.#parts.compile !== former.#parts.compile) return;
    for (const [key, flag] of former.#compiled) {
      const payloadKey = this.isObfuscated ? md5Hex(key) : key;
      // Whatever was compiled was looked at, and nobody else has looked at anything here yet.
      if (this.#wasDecoded(payloadKey)) this.#compiled.set(key, flag);
      if (++seen % FLAGS_PER_STEP === 0) yield;
    }
  }

  flag(key: string): UfcFlag | null {
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const payloadKey = this.isObfuscated ? md5Hex(key) : key;
    if (!this.#flags.keys.has(payloadKey)) return null;
    const flag = this.#decode(payloadKey, key);
    if (flag !== null) this.#compiled.set(key, flag);
    return flag;
  }

  bandit(flagKey: string, variationValue: unknown): CompiledBandit | null {
    return this.#bandits.behind(flagKey, variationValue);
  }

  firstBandit(flagKey: string): CompiledBandit | null {
    return this.#bandits.first(flagKey);
  }

  /** The bandits that flags refer to. */
  get banditReferences(): readonly BanditReference[] {
    return this.#banditReferences;
  }

  /** The same content under another form of its dialect, its flags compiled in another way. */
  recompiled(dialect: Dialect, compile: FlagCompiler): UfcConfiguration {
    return new UfcConfiguration({ ...this.#parts, dialect, compile });
  }

  /** A flag decoded, for those who want to show it. */
  wireOf(payloadKey: string): Decoded<FlagWire> {
    const path = member("$.flags", payloadKey);
    try {
      const raw = this.#flags.read(payloadKey, path);
      return this.#decodeWire(raw, payloadKey, path, () => {});
    } catch (cause) {
      return asDecodeError(cause, path);
    }
  }

  /** @throws DecodeError if the flag is damaged as a whole. */
  #decodeWire(raw: unknown, key: string, path: string, report: Report): FlagWire {
    const wire = this.isObfuscated ? deobfuscateFlag(raw, path) : raw;
    return decodeFlag(wire, key, path, report);
  }

  #decode(payloadKey: string, key: string): UfcFlag | null {
    const issues: CompileIssue[] = [];
    this.#remember(payloadKey);
    const report = ({ path, problem }: DecodeError): void => {
      issues.push({ path, flagKey: payloadKey, code: "malformed", message: problem });
      this.#remember(payloadKey, issues);
    };
    const path = member("$.flags", payloadKey);
    let raw: unknown;
    try {
      raw = this.#flags.read(payloadKey, path);
    } catch (cause) {
      // What is no JSON does not even say that it is no flag.
      const error = cause as DecodeError; // what reading throws
      report(error);
      return brokenFlag(key, error, null);
    }
    try {
      const wire = this.#decodeWire(raw, key, path, report);
      return (this.#parts.compile ?? compileFlag)(key, wire, this.isObfuscated);
    } catch (cause) {
      const error = asDecodeError(cause, path);
      report(error);
      // Quirk: for the vendor a flag that is `null` does not exist, nor, obfuscated, one that is falsy.
      if (raw === null || (this.isObfuscated && !raw)) return null;
      return brokenFlag(key, error, this.isObfuscated ? null : readableHead(raw));
    }
  }

  get #isComplete(): boolean {
    return this.#decodedCount === this.#isDecoded.length;
  }

  /** Whether it is known what is wrong with a flag. */
  #wasDecoded(payloadKey: string): boolean {
    return this.#isDecoded[this.#flags.numberOf(payloadKey) ?? -1] === 1;
  }

  #remember(payloadKey: string, issues?: readonly CompileIssue[]): void {
    const number = this.#flags.numberOf(payloadKey) as number; // who decodes has a flag
    if (this.#isDecoded[number] === 0) this.#decodedCount += 1;
    this.#isDecoded[number] = 1;
    if (issues !== undefined) this.#flagIssues.set(payloadKey, issues);
  }

  /** What the configuration says about the bandits behind a flag. */
  #banditsOf(key: string): unknown {
    return this.#banditReferences
      .flatMap(({ flagVariations }) => flagVariations.filter(({ flagKey }) => flagKey === key))
      .map((variation) => [variation, this.#banditModels.wires[variation.key]]);
  }
}

function asDecodeError(cause: unknown, path: string): DecodeError {
  return cause instanceof DecodeError ? cause : new DecodeError(path, "not a flag", { cause });
}

/**
 * Quirk: the vendor reads type and switch of a plain flag without allocations, and finds no type in
 * what is no object, before it fails; a list of allocations that it cannot walk fails it at once.
 */
function readableHead(raw: unknown): JsonObject | null {
  if (!isJsonObject(raw)) return {};
  return (raw["allocations"] ?? null) === null ? raw : null;
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
      code: "bandit-model-missing",
      message: `no model is loaded for bandit "${banditKey}"`,
    }));
}
