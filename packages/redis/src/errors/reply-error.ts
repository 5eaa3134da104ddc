import { messageOf } from "@sortition/core/internal";
import { noTls, RedisError, type RedisErrorCode } from "./redis-error.js";

/**
 * Codes by the first word of an error reply. We never interpret the rest, because it changes
 * between versions.
 */
const CODES: Readonly<Record<string, RedisErrorCode>> = {
  READONLY: "SORTITION_REDIS_READONLY",
  // A blocking command ends with it when its server becomes a replica.
  UNBLOCKED: "SORTITION_REDIS_READONLY",
  MISCONF: "SORTITION_REDIS_READONLY",
  NOREPLICAS: "SORTITION_REDIS_READONLY",
  OOM: "SORTITION_REDIS_OOM",
  NOPERM: "SORTITION_REDIS_DENIED",
  NOAUTH: "SORTITION_REDIS_DENIED",
  WRONGPASS: "SORTITION_REDIS_DENIED",
  LOADING: "SORTITION_REDIS_UNREACHABLE",
  MASTERDOWN: "SORTITION_REDIS_UNREACHABLE",
  CLUSTERDOWN: "SORTITION_REDIS_CLUSTER",
  CROSSSLOT: "SORTITION_REDIS_CLUSTER",
  TRYAGAIN: "SORTITION_REDIS_CLUSTER",
  MOVED: "SORTITION_REDIS_CLUSTER",
  ASK: "SORTITION_REDIS_CLUSTER",
};

/** Redis 6.2 wraps errors of commands in a script, and ioredis those of the last Sentinel. Their first word follows. */
const WRAPPED =
  /^(?:ERR Error running script .*@user_script: ?\d+|All sentinels .* Last error): -?([A-Z]+)\b/;

/** The command that a user may not run, which Redis names. */
const DENIED = /\bNOPERM .* run the '([a-z|-]+)' command/;

/**
 * Returns the first word of an error reply, e.g. `NOPERM`, or `null` if the error is not a reply of
 * Redis.
 */
export function replyWord(cause: unknown): string | null {
  if (!(cause instanceof Error)) return null;
  const { message, name } = cause;
  // ioredis uses this name for error replies. Other errors come from the connection.
  const word = name === "ReplyError" ? (/^-?([A-Z]+)\b/.exec(message)?.[1] ?? "ERR") : null;
  return WRAPPED.exec(message)?.[1] ?? word;
}

/** Whether Redis replied with this error, so the command was not executed. */
export function isReply(error: unknown): boolean {
  if (!(error instanceof RedisError) || error.word === null) return false;
  return error.code === "SORTITION_REDIS_SCRIPTING" || error.word in CODES;
}

/**
 * Converts a rejection of ioredis to an error of this package. Only system errors are kept as the
 * cause: an error reply contains the command with all its arguments, which for `AUTH` include the
 * password.
 *
 * @param place - address of Redis, unless the error names it.
 */
export function redisError(cause: unknown, place = "redis"): RedisError {
  if (cause instanceof RedisError) return cause;
  const word = replyWord(cause);
  if (word !== null) {
    const code = CODES[word] ?? "SORTITION_REDIS_SCRIPTING";
    const [, command] = word === "NOPERM" ? (DENIED.exec(messageOf(cause)) ?? []) : [];
    const advice = command === undefined ? undefined : `its user's permissions: grant +${command}`;
    return new RedisError(code, `${place} refused a command`, { word, advice });
  }
  if (isUnknownProtocol(cause)) {
    const message = `${place} responds, but does not speak the Redis protocol (HTTP?)`;
    return new RedisError("SORTITION_REDIS_UNREACHABLE", message, { advice: "its host and port" });
  }
  const isCluster = cause instanceof Error && cause.name === "ClusterAllFailedError";
  const of = isCluster && "lastNodeError" in cause ? cause.lastNodeError : cause;
  // OpenSSL reports an answer that is not TLS as a wrong version.
  if (!isCluster && isSystemError(of) && of.code.startsWith("ERR_SSL_WRONG_VERSION")) {
    return noTls(place, { word: of.code, cause: of });
  }
  return new RedisError(
    isCluster ? "SORTITION_REDIS_CLUSTER" : "SORTITION_REDIS_UNREACHABLE",
    `${place} cannot be reached`,
    isSystemError(of) ? { cause: of, word: of.code } : { word: replyWord(of) },
  );
}

/**
 * Whether ioredis could not parse a reply. Its parsers differ by release, but their messages have
 * the same end.
 */
function isUnknownProtocol(cause: unknown): boolean {
  return cause instanceof Error && cause.message.endsWith("Please report this.");
}

/** Whether this is a system or TLS error, e.g. `ECONNREFUSED`. */
function isSystemError(cause: unknown): cause is Error & { readonly code: string } {
  return (
    cause instanceof Error &&
    "code" in cause &&
    typeof cause.code === "string" &&
    !("command" in cause)
  );
}
