import { type ErrorCode, SortitionError } from "@sortition/core/internal";

/** Codes of all errors of this package. */
export type RedisErrorCode = Extract<ErrorCode, `SORTITION_REDIS_${string}`>;

/** A problem with Redis, or with the data in it. */
export class RedisError extends SortitionError {
  override readonly name = "RedisError";
  /**
   * First word of the reply of Redis (`WRONGPASS`), or the code of the system (`ECONNREFUSED`).
   * `null`: neither.
   */
  readonly word: string | null;
  constructor(
    readonly code: RedisErrorCode,
    message: string,
    options: {
      readonly cause?: unknown;
      readonly word?: string | null;
      /** What to check. Default: depends on the word. */
      readonly advice?: string | undefined;
    } = {},
  ) {
    const { word = null, advice = adviceOn(word), ...cause } = options;
    const said = word === null ? message : `${message}: ${word}`;
    super(advice === undefined ? said : `${said}. Check ${advice}.`, cause);
    this.word = word;
  }
}

/**
 * Creates the error for an attempt to connect that Redis did not answer, or ended without sending
 * anything.
 *
 * @param place - address of Redis, for messages.
 * @param advice - what to check, if the connection reveals more than the word.
 */
export function notConnected(
  place: string,
  word: "ETIMEDOUT" | "ECONNRESET",
  advice?: string,
): RedisError {
  const options = { word, advice };
  return new RedisError("SORTITION_REDIS_UNREACHABLE", `${place} cannot be reached`, options);
}

/**
 * Creates the error for a TLS handshake that was not answered, or not with TLS. A Redis without TLS
 * does not answer, because it waits for more bytes.
 */
export function noTls(place: string, options: { word: string; cause?: unknown }): RedisError {
  const said = options.word === "ETIMEDOUT" ? "does not speak TLS, or hangs" : "does not speak TLS";
  const advice = "its port, or write redis:// instead of rediss://, or leave out `tls`";
  return new RedisError("SORTITION_REDIS_UNREACHABLE", `${place} ${said}`, { ...options, advice });
}

/** Creates the error for a write of another process that was refused for lack of memory. */
export function outOfMemory(place: string): RedisError {
  return new RedisError("SORTITION_REDIS_OOM", `${place} refused a command`, { word: "OOM" });
}

/** What to check, by the start of a word. */
const ADVICE: readonly (readonly [words: RegExp, what: string])[] = [
  [/^WRONGPASS/, "its user and password"],
  [/^NOAUTH/, "its user and password: none was sent. Write redis://USER:PASSWORD@HOST:PORT"],
  [/^NOPERM/, "its user's permissions"],
  [
    /CERT|SIGNATURE|^(HOSTNAME|UNABLE|INVALID_CA)/,
    "its certificate, and NODE_EXTRA_CA_CERTS for a private authority",
  ],
  [/^E(NOTFOUND|AI|CONNREFUSED|HOST|NET)/, "its host and port"],
  [/^ETIMEDOUT/, "its port and `tls`, and whether it hangs"],
  [/^E(CONNRESET|PIPE|PROTO|RR_SSL)/, "its port and `tls`"],
  [/^OOM/, "its `maxmemory`"],
  [/^(READONLY|UNBLOCKED|MASTERDOWN)/, "whether it is a replica"],
];

function adviceOn(word: string | null): string | undefined {
  return word === null ? undefined : ADVICE.find(([words]) => words.test(word))?.[1];
}

/**
 * Whether the server said that it is a replica. Other servers that accept no writes, for example
 * because their disk is full, are still the primary.
 */
export function isFromReplica({ word }: RedisError): boolean {
  return word === "READONLY" || word === "UNBLOCKED" || word === "MASTERDOWN";
}

/** Whether Redis did not respond in time. It may still execute the command. */
export function isTimeout(error: unknown): boolean {
  return error instanceof RedisError && error.code === "SORTITION_REDIS_TIMEOUT";
}
