/** Codes of all errors of this library, with their meaning. */
export const ERROR_CODES = {
  SORTITION_OPTION: "An option is unknown or has a bad value.",
  SORTITION_NO_INSTANCE: "getInstance() was called before init().",
  SORTITION_NOT_READY: "There was no configuration when the wait for it ended.",
  SORTITION_INVALID_ARGUMENT: "A flag key or subject key is blank.",
  SORTITION_TYPE_MISMATCH: "The flag, or its value, is of another type than the getter.",
  SORTITION_EVALUATION: "The flag cannot be evaluated for this subject.",
  SORTITION_DECODE: "A payload does not have the expected shape.",
  SORTITION_UNAUTHORIZED: "The server refused the SDK key (401 or 403).",
  SORTITION_HTTP_STATUS: "The server answered with an unexpected status.",
  SORTITION_NETWORK: "The server could not be reached, or the connection broke.",
  SORTITION_TIMEOUT: "A deadline passed.",
  SORTITION_PROTOCOL: "The server's answer breaks the protocol.",
  SORTITION_BODY_TOO_LARGE: "The server's answer is larger than allowed.",
  SORTITION_FILE: "The file of a configuration could not be read.",
  SORTITION_DISK_CACHE: "The copy of the last configuration on disk could not be read or written.",
  SORTITION_LOGGER: "A logger threw, rejected or did not settle.",
  SORTITION_LISTENER: "An event listener threw or rejected.",
  SORTITION_DEDUPLICATION: "A deduplication store threw; the exposure was logged.",
  SORTITION_CLOSED: "The client is closed.",
} as const;

/** A code of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;
