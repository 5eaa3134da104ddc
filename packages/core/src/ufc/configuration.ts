import type { BanditModels } from "../bandit/decode.js";
import { BanditDirectory } from "../bandit/directory.js";
import type { BanditReference } from "../bandit/wire.js";
import {
  type Decoded,
  isJsonObject,
  type JsonObject,
  member,
  type Report,
} from "../conditions/decode.js";
import { DecodeError } from "../errors/errors.js";
import { md5Hex } from "../hash/md5.js";
import { revisionOf } from "../hash/revision.js";
import type { CompiledBandit } from "../model/bandit.js";
import type { CompileIssue, Configuration, PayloadSet } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import { brokenFlag, compileFlag, type UfcFlag } from "./compile.js";
import { decodeFlag, isObfuscated } from "./decode.js";
import { deobfuscateFlag } from "./deobfuscate.js";
import type { FlagsBody, FlagWire } from "./wire.js";

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
  readonly #flags: JsonObject;
  readonly #banditReferences: readonly BanditReference[];
  readonly #banditModels: BanditModels;
  readonly #banditIssues: readonly CompileIssue[];
  /** By requested key; only keys that exist, or the map would grow with the callers' input. */
  readonly #compiled = new Map<string, UfcFlag>();
  /** By key in the payload, for each flag that was decoded. */
  readonly #flagIssues = new Map<string, readonly CompileIssue[]>();
  readonly #bandits: BanditDirectory;
  #flagKeys: ReadonlySet<string> | null = null;

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
    this.#flagKeys ??= new Set(Object.keys(this.#flags));
    return this.#flagKeys;
  }

  get issues(): readonly CompileIssue[] {
    for (const key of this.flagKeys) {
      if (!this.#flagIssues.has(key)) this.#decode(key, key);
    }
    const flagIssues = [...this.flagKeys].flatMap((key) => this.#flagIssues.get(key) ?? []);
    return [...flagIssues, ...this.#banditIssues];
  }

  get issueCount(): { readonly found: number; readonly complete: boolean } {
    let found = this.#banditIssues.length;
    for (const issues of this.#flagIssues.values()) found += issues.length;
    return { found, complete: this.#flagIssues.size === this.flagKeys.size };
  }

  fingerprint(key: string): string {
    const bandits = this.#banditReferences
      .flatMap(({ flagVariations }) => flagVariations.filter(({ flagKey }) => flagKey === key))
      .map((variation) => [variation, this.#banditModels.wires[variation.key]]);
    return JSON.stringify([this.#flags[key], bandits]);
  }

  flag(key: string): UfcFlag | null {
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const payloadKey = this.isObfuscated ? md5Hex(key) : key;
    if (!Object.hasOwn(this.#flags, payloadKey)) return null;
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

  /** The same content under another form of its dialect, its flags compiled in another way. */
  recompiled(dialect: Dialect, compile: FlagCompiler): UfcConfiguration {
    return new UfcConfiguration({ ...this.#parts, dialect, compile });
  }

  /** A flag decoded, for those who want to show it. */
  wireOf(payloadKey: string): Decoded<FlagWire> {
    try {
      return this.#decodeWire(payloadKey, payloadKey, () => {});
    } catch (cause) {
      return asDecodeError(cause, member("$.flags", payloadKey));
    }
  }

  /** @throws DecodeError if the flag is damaged as a whole. */
  #decodeWire(payloadKey: string, key: string, report: Report): FlagWire {
    const path = member("$.flags", payloadKey);
    const raw = this.#flags[payloadKey];
    const wire = this.isObfuscated ? deobfuscateFlag(raw, path) : raw;
    return decodeFlag(wire, key, path, report);
  }

  #decode(payloadKey: string, key: string): UfcFlag | null {
    const issues: CompileIssue[] = [];
    this.#flagIssues.set(payloadKey, issues);
    const report = ({ path, problem }: DecodeError): void => {
      issues.push({ path, flagKey: payloadKey, code: "malformed", message: problem });
    };
    const path = member("$.flags", payloadKey);
    const raw = this.#flags[payloadKey];
    try {
      const wire = this.#decodeWire(payloadKey, key, report);
      return (this.#parts.compile ?? compileFlag)(key, wire, this.isObfuscated);
    } catch (cause) {
      const error = asDecodeError(cause, path);
      report(error);
      // Quirk: for the vendor a flag that is `null` does not exist, nor, obfuscated, one that is falsy.
      if (raw === null || (this.isObfuscated && !raw)) return null;
      return brokenFlag(key, error, this.isObfuscated ? null : readableHead(raw));
    }
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
