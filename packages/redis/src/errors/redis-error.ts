import { type ErrorCode, SortitionError } from "@sortition/core/kit";

/** Codes of all errors of this package. */
export type RedisErrorCode = Extract<ErrorCode, `SORTITION_REDIS_${string}`>;

/** A problem with Redis, or with what it stores. */
export class RedisError extends SortitionError {
  override readonly name = "RedisError";
  /** The first word of the reply of Redis (`WRONGPASS`), or the system's code (`ECONNREFUSED`); `null` without one. */
  readonly word: string | null;
  constructor(
    readonly code: RedisErrorCode,
    message: string,
    options: { readonly cause?: unknown; readonly word?: string | null } = {},
  ) {
    const { word = null, ...cause } = options;
    super(word === null ? message : `${message}: ${word}${adviceOn(word)}`, cause);
    this.word = word;
  }
}

/**
 * An attempt to connect that Redis has not answered, or has ended without a word.
 *
 * @param place - `redis`, and where it is.
 */
export function notConnected(place: string, word: "ETIMEDOUT" | "ECONNRESET"): RedisError {
  return new RedisError("SORTITION_REDIS_UNREACHABLE", `${place} cannot be reached`, { word });
}

/** What to look at, by the beginning of a word. */
const ADVICE: readonly (readonly [words: RegExp, what: string])[] = [
  [/^(WRONGPASS|NOAUTH|NOPERM)/, "its user, password and rights"],
  [/CERT|SIGNATURE|^(HOSTNAME|UNABLE|INVALID_CA)/, "its certificate and `tls: { ca }`"],
  [/^E(NOTFOUND|AI|CONNREFUSED|HOST|NET)/, "its host and port"],
  [/^ETIMEDOUT/, "its port and `tls`, and whether it hangs"],
  [/^E(CONNRESET|PIPE|PROTO|RR_SSL)/, "its port and `tls`"],
  [/^OOM/, "its `maxmemory`"],
];

function adviceOn(word: string): string {
  const what = ADVICE.find(([words]) => words.test(word))?.[1];
  return what === undefined ? "" : `, look at ${what}`;
}

/** Whether Redis did not answer in time: it may be about to do what it was asked for. */
export function isTimeout(error: unknown): boolean {
  return error instanceof RedisError && error.code === "SORTITION_REDIS_TIMEOUT";
}
