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
  /** The server or file that it is from, and what to look at if it cannot be used. For messages: no key, no query. */
  readonly place?: string;
  /** The configuration is usable without this part: its absence is a warning. Default: false. */
  readonly isOptional?: boolean;
  /** The server offered a stream of changes with it. Default: false. */
  readonly hasStream?: boolean;
}

/** All parts of one configuration, each part once. */
export type PayloadSet = readonly Payload[];

/** A problem in a payload. */
export interface CompileIssue {
  /** JSON path, e.g. `$.flags["checkout"].allocations[2].endAt`. */
  readonly path: string;
  /** Key of the affected flag, as the payload has it; `null` if the problem is outside of flags. */
  readonly flagKey: string | null;
  /** One of the dialect's `issueCodes`. `malformed` has the same meaning in all dialects. */
  readonly code: string;
  readonly message: string;
}

/**
 * Immutable, compiled content of one payload set. It keeps the bytes that it was made from, and compiles
 * each flag on its first use.
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
  /**
   * Problems of the payload, at most 100 of each flag: the message of the last one then ends with the number
   * of the others. Reading it decodes the flags that are not yet decoded.
   */
  readonly issues: readonly CompileIssue[];
  /**
   * Number of issues found so far, including those that are not listed, and whether all flags were decoded.
   * Decodes nothing.
   */
  readonly issueCount: { readonly found: number; readonly complete: boolean };
  /** Keys of all flags as the payload has them (they may be hashes), including broken and disabled ones. */
  readonly flagKeys: ReadonlySet<string>;
  /** `null` if flags of this dialect have no bandits. */
  readonly bandits: Bandits | null;
  /**
   * Whether a flag has the same content, and uses equal shared parts, in both configurations.
   *
   * @param key - one of {@link flagKeys}.
   */
  isSameFlag(key: string, there: Configuration): boolean;
  /** The compiled flag; `null` if there is none. */
  flag(key: string): CompiledFlag<Extras> | null;
  /**
   * Compiles flags before their first use, which takes microseconds per flag.
   *
   * @param keys - as callers request them; default: all, unless the payload has hashes.
   */
  warm(keys?: readonly string[] | ReadonlySet<string>): void;
  /**
   * Decodes the flags that are not yet decoded, one per step, so that {@link issueCount} becomes complete.
   * Keeps only the issues.
   */
  inspect(): Steps<void>;
}
