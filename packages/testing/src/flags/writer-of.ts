import { OptionError } from "@sortition/core/internal";
import { WRITERS, type Writer, type WrittenVendor } from "@sortition/test-kit/flags";

/** @throws OptionError if the dialect has no writer. */
export function writerOf(dialect: string): Writer {
  if (Object.hasOwn(WRITERS, dialect)) return WRITERS[dialect as WrittenVendor]; // its own key
  const known = Object.keys(WRITERS).join(", ");
  throw new OptionError("dialect", `expected one of ${known}, received "${dialect}"`);
}
