import type { PayloadSet } from "../model/configuration.js";
import { areEqualBytes } from "../runtime/bytes.js";

/** Whether two sets have the same parts with the same bytes. Etags are ignored. The comparison is not sliced. */
export function areSamePayloads(a: PayloadSet, b: PayloadSet): boolean {
  if (a === b) return true;
  return (
    a.length === b.length &&
    a.every(({ bytes, part }) => {
      const other = b.find((payload) => payload.part === part)?.bytes;
      if (other === undefined || other.length !== bytes.length) return false;
      return other === bytes || areEqualBytes(bytes, 0, other, 0, bytes.length);
    })
  );
}
