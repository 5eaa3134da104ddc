import { isJsonObject, type JsonObject, type Report, unexpected } from "@sortition/core/dialect";

/**
 * Returns the members of a part of a flag. As in the vendor's SDK, a string, a number or a list has none, and `null` is
 * an error.
 *
 * @throws DecodeError if it is `null`.
 */
export function membersOf(raw: unknown, path: string, report: Report): JsonObject {
  if (isJsonObject(raw)) return raw;
  const problem = unexpected(path, "an object", raw);
  if (raw === null) throw problem;
  report(problem);
  return {};
}
