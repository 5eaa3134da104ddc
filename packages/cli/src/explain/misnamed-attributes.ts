import type { AllocationReads } from "@sortition/core/dialect";
import { misnamedText, otherSpelling } from "@sortition/core/internal";
import type { JsonObject } from "../evaluate/request.js";

/**
 * Describes attributes that a flag reads by a name that the subject has in another spelling, such as another case.
 *
 * @param always - attributes that every subject has.
 */
export function misnamedAttributes(
  flagKey: string,
  reads: readonly AllocationReads[],
  attributes: JsonObject,
  always: ReadonlySet<string>,
): readonly string[] {
  const comparisons = reads.flatMap((it) => it.comparisons);
  const read = new Set(comparisons.map((it) => it.attribute));
  const unread = Object.keys(attributes).filter((it) => !read.has(it));
  return [...read].flatMap((name) => {
    const isGiven = always.has(name) || Object.hasOwn(attributes, name);
    const other = isGiven ? null : otherSpelling(name, unread);
    return other === null ? [] : [misnamedText(flagKey, name, other)];
  });
}
