/** Wrong usage of the command: an unknown option, a bad value, a missing option. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** An input or output of the command cannot be read, written or used. */
export class FileError extends Error {
  override readonly name = "FileError";
}
