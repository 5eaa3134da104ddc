/** The command was called wrongly: an unknown option, a bad value, something missing. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Something that the command has to read or write cannot be read, written or used. */
export class FileError extends Error {
  override readonly name = "FileError";
}
