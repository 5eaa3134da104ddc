import type { Bandits } from "./bandit.js";
import type { Dialect } from "./dialect.js";
import type { EventFields } from "./exposure.js";
import type { CompiledFlag } from "./flag.js";
import type { Steps } from "./steps.js";

/** How payloads were received. */
export type PayloadOrigin = "network" | "redis" | "file" | "disk" | "static";

/** One part of a configuration, exactly as received. */
export interface Payload {
  /** Name of the part, e.g. `flags` or `bandits`. */
  readonly part: string;
  /** The bytes as received. Shared: do not write into them. */
  readonly bytes: Uint8Array;
  /** Entity tag, byte for byte as the server sent it. */
  readonly etag: string | null;
  /** When it was received, epoch ms. */
  readonly fetchedAtMs: number;
  readonly from: PayloadOrigin;
  /** The configuration is usable without this part: its absence is a warning. Default: false. */
  readonly isOptional?: boolean;
}

/** All parts of one configuration, each part once. */
export type PayloadSet = readonly Payload[];

/** Something in a payload that is not as it should be, and where. */
export interface CompileIssue {
  /** JSON path, e.g. `$.flags["checkout"].allocations[2].endAt`. */
  readonly path: string;
  /** Key of the flag (as the payload names it) that is affected; `null` if it is no flag's own. */
  readonly flagKey: string | null;
  /** One of the dialect's `issueCodes`. `malformed` has the same meaning in all dialects. */
  readonly code: string;
  readonly message: string;
}

/**
 * Immutable, compiled content of one payload set. It keeps the bytes that it was made from, and
 * compiles each flag when it is first asked for.
 */
export interface Configuration<Extras = unknown> {
  readonly dialect: Dialect;
  /** The parts as received; never prepared (decrypted) content. */
  readonly payloads: PayloadSet;
  /** First 16 hex digits of a SHA-256 over all parts: equal bytes, equal revision, in every process. */
  readonly revision: string;
  /** Constant members that the dialect adds to all events; absent: none. */
  readonly eventFields?: EventFields;
  /** Name of the vendor's environment, `null` if the payload has none. */
  readonly environment: string | null;
  /** When the vendor published it, epoch ms; `null` if the payload does not contain it. */
  readonly publishedAtMs: number | null;
  /** Everything that is wrong with the payload. Complete: reading it decodes what is undecoded. */
  readonly issues: readonly CompileIssue[];
  /** Issues met so far, and whether all flags were looked at. Decodes nothing. */
  readonly issueCount: { readonly found: number; readonly complete: boolean };
  /** Keys of all flags, broken and disabled ones included (hashes, if the payload is obfuscated). */
  readonly flagKeys: ReadonlySet<string>;
  /** `null` if flags of this dialect have no bandits. */
  readonly bandits: Bandits | null;
  /**
   * Whether a flag is here what it is in another configuration: its own text, and the shared parts
   * that it uses.
   *
   * @param key - as {@link flagKeys} has it.
   */
  isSameFlag(key: string, there: Configuration): boolean;
  /** The compiled flag, or `null` if there is no such flag. */
  flag(key: string): CompiledFlag<Extras> | null;
  /**
   * Compiles flags ahead of their first use, which takes microseconds for each.
   *
   * @param keys - as callers ask for them; default: all, where the configuration knows those.
   */
  warm(keys?: readonly string[] | ReadonlySet<string>): void;
  /**
   * Decodes what is undecoded, one flag per step, so that {@link issueCount} becomes complete. Keeps
   * nothing but the issues.
   */
  inspect(): Steps<void>;
}
