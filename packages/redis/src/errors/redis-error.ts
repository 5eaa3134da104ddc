import { type ErrorCode, SortitionError } from "@sortition/core/internal";

/** Codes of all errors of this package. */
export type RedisErrorCode = Extract<ErrorCode, `SORTITION_REDIS_${string}`>;

/** A problem with Redis, or with the data in it. */
export class RedisError extends SortitionError {
  override readonly name = "RedisError";
  /** The first word of the reply of Redis (`WRONGPASS`), or the system's code (`ECONNREFUSED`); `null` without one. */
  readonly word: string | null;
  constructor(
    readonly code: RedisErrorCode,
    message: string,
    options: {
      readonly cause?: unknown;
      readonly word?: string | null;
      /** What to look at. Default: by the word. */
      readonly advice?: string | undefined;
    } = {},
  ) {
    const { word = null, advice = adviceOn(word), ...cause } = options;
    const said = word === null ? message : `${message}: ${word}`;
    super(advice === undefined ? said : `${said}, look at ${advice}`, cause);
    this.word = word;
  }
}

/**
 * An attempt to connect that Redis has not answered, or has ended without a word.
 *
 * @param place - `redis`, and where it is.
 * @param advice - what to look at, if the connection shows more than the word.
 */
export function notConnected(
  place: string,
  word: "ETIMEDOUT" | "ECONNRESET",
  advice?: string,
): RedisError {
  const options = { word, advice };
  return new RedisError("SORTITION_REDIS_UNREACHABLE", `${place} cannot be reached`, options);
}

/** A handshake of TLS that was not answered, as by a Redis without TLS, which waits for more; or answered by something else. */
export function noTls(place: string, options: { word: string; cause?: unknown }): RedisError {
  const said = options.word === "ETIMEDOUT" ? "does not speak TLS, or hangs" : "does not speak TLS";
  const advice = "its port and `tls`";
  return new RedisError("SORTITION_REDIS_UNREACHABLE", `${place} ${said}`, { ...options, advice });
}

/** A write that another process was refused for lack of memory. */
export function outOfMemory(place: string): RedisError {
  return new RedisError("SORTITION_REDIS_OOM", `${place} refused a command`, { word: "OOM" });
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

function adviceOn(word: string | null): string | undefined {
  return word === null ? undefined : ADVICE.find(([words]) => words.test(word))?.[1];
}

/** Whether Redis did not answer in time. It may still execute the command. */
export function isTimeout(error: unknown): boolean {
  return error instanceof RedisError && error.code === "SORTITION_REDIS_TIMEOUT";
}
