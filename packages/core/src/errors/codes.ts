/** Codes of all errors of this library, with their meaning. */
export const ERROR_CODES = {
  SORTITION_OPTION: "An option is unknown or has an invalid value.",
  SORTITION_NO_INSTANCE: "getInstance() was called before init().",
  SORTITION_NOT_READY: "There was no configuration when the wait for it ended.",
  SORTITION_INVALID_ARGUMENT: "A flag key or subject key is blank.",
  SORTITION_SUBJECT_KEY_MISSING: "The flag splits by subject key, but no subject key was passed.",
  SORTITION_TYPE_MISMATCH: "The flag, or its value, has a different type than the getter.",
  SORTITION_EVALUATION: "The flag cannot be evaluated for this subject.",
  SORTITION_DECODE: "A payload does not have the expected shape.",
  SORTITION_UNAUTHORIZED: "The server refused the SDK key (401 or 403).",
  SORTITION_HTTP_STATUS: "The server returned an unexpected status.",
  SORTITION_NETWORK: "The server could not be reached, or the connection broke.",
  SORTITION_TIMEOUT: "A deadline passed.",
  SORTITION_PROTOCOL: "The server's response violates the protocol.",
  SORTITION_BODY_TOO_LARGE: "The server's response is larger than allowed.",
  SORTITION_FILE: "A file could not be read or written.",
  SORTITION_DISK_CACHE: "The copy of the last configuration on disk could not be read or written.",
  SORTITION_LOGGER: "A logger threw, rejected or did not settle.",
  SORTITION_LISTENER: "A listener or callback threw or rejected.",
  SORTITION_DEDUPLICATION: "A deduplication store threw; the exposure was logged.",
  SORTITION_CLOSED: "The client is closed.",
  SORTITION_REDIS_UNREACHABLE: "Redis cannot be reached, or is not ready.",
  SORTITION_REDIS_TIMEOUT: "Redis did not answer within the deadline.",
  SORTITION_REDIS_READONLY:
    "Redis accepts no writes, because it is a replica or because a snapshot failed.",
  SORTITION_REDIS_OOM: "Redis has reached its memory limit and accepts no writes.",
  SORTITION_REDIS_DENIED: "Redis refused the credentials, or the user lacks permissions.",
  SORTITION_REDIS_SCRIPTING: "Redis could not run a command or a script.",
  SORTITION_REDIS_CLUSTER: "The Redis Cluster cannot serve the keys at the moment.",
  SORTITION_REDIS_NAMESPACE_CONFLICT:
    "Processes of two origins use the namespace, or it contains the configuration of another origin.",
  SORTITION_REDIS_PAYLOAD_CORRUPT: "A payload stored in Redis does not match its hash.",
  SORTITION_REDIS_PAYLOAD_TOO_LARGE: "A payload is too large to be stored in Redis.",
  SORTITION_REDIS_PAYLOAD_REJECTED: "A payload stored in Redis cannot be used by this process.",
  SORTITION_REDIS_FORMAT_UNSUPPORTED: "This version does not know the format of the data in Redis.",
  SORTITION_REDIS_FENCED:
    "A newer leader has taken over, so the former leader's write was refused.",
} as const;

/** A code of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;
