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
  /**
   * The bytes as received, or the bytes of {@link items}, which are created when they are first read. They are shared and
   * must not be modified.
   */
  readonly bytes: Uint8Array;
  /** The content by item, if a stream changes single items. Equal items of two payloads are usually the same string. */
  readonly items?: PayloadItems;
  /** Entity tag, byte for byte as the server sent it. */
  readonly etag: string | null;
  /** When it was received, epoch ms. */
  readonly fetchedAtMs: number;
  readonly from: PayloadOrigin;
  /**
   * The server or file that it comes from, and what to check if it is unusable. Used in messages, so it contains no key
   * and no query.
   */
  readonly place?: string;
  /** Whether the configuration is usable without this part, so that its absence is only a warning. Default: false. */
  readonly isOptional?: boolean;
  /** Whether the server offered a stream of changes in the same response. Default: false. */
  readonly hasStream?: boolean;
}

/** The members of a payload's root, which are objects, as maps from the keys of their members to JSON. */
export type PayloadItems = Readonly<Record<string, ReadonlyMap<string, string>>>;

/** All parts of one configuration, each part once. */
export type PayloadSet = readonly Payload[];

/** A problem in a payload. */
export interface CompileIssue {
  /** JSON path, e.g. `$.flags["checkout"].allocations[2].endAt`. */
  readonly path: string;
  /** Key of the affected flag as in the payload. `null` if the problem is outside of flags. */
  readonly flagKey: string | null;
  /** One of the dialect's `issueCodes`. `malformed` has the same meaning in all dialects. */
  readonly code: string;
  readonly message: string;
}

/**
 * The immutable, compiled content of one payload set. It keeps the bytes that it was created from, and compiles each
 * flag on first use.
 */
export interface Configuration<Extras = unknown> {
  readonly dialect: Dialect;
  /** The parts as received, never the prepared (decrypted) content. */
  readonly payloads: PayloadSet;
  /** First 16 hex digits of a SHA-256 over all parts. Equal bytes have the same revision in every process. */
  readonly revision: string;
  /** Constant members that the dialect adds to all events. Default: none. */
  readonly eventFields?: EventFields;
  /** Name of the vendor's environment. `null` if the payload has none. */
  readonly environment: string | null;
  /** When the vendor published it, epoch ms. `null` if the payload does not contain the time. */
  readonly publishedAtMs: number | null;
  /**
   * Problems in the payload, at most 100 per flag. If there are more, the message of the last one ends with the number
   * of the others. Reading this property decodes all flags that are not yet decoded.
   */
  readonly issues: readonly CompileIssue[];
  /**
   * Number of issues found so far, including issues that are not listed, and whether all flags have been decoded.
   * Reading it decodes nothing.
   */
  readonly issueCount: { readonly found: number; readonly complete: boolean };
  /** Keys of all flags as in the payload, where they may be hashes, including broken and disabled flags. */
  readonly flagKeys: ReadonlySet<string>;
  /** `null` if flags of this dialect have no bandits. */
  readonly bandits: Bandits | null;
  /**
   * Whether a flag has the same content, and uses equal shared parts, in both configurations.
   *
   * @param key - one of {@link flagKeys}.
   */
  isSameFlag(key: string, there: Configuration): boolean;
  /** Returns the compiled flag, or `null`. */
  flag(key: string): CompiledFlag<Extras> | null;
  /**
   * Compiles flags before their first use, which takes microseconds per flag.
   *
   * @param keys - keys as callers request them. Default: all flags, unless the payload has hashes.
   */
  warm(keys?: readonly string[] | ReadonlySet<string>): void;
  /**
   * Decodes the flags that are not yet decoded, one per step, so that {@link issueCount} becomes complete. Only the
   * issues are kept.
   */
  inspect(): Steps<void>;
}
