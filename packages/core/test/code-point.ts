import fc from "fast-check";

const SURROGATES = 0x800;
const FIRST_SURROGATE = 0xd800;

/**
 * One code point of any plane that is no surrogate: the unit `binary` of fast-check, which, once per process, makes a table of
 * its million characters.
 */
export const codePoint: fc.Arbitrary<string> = fc
  .integer({ min: 0, max: 0x10ffff - SURROGATES })
  .map(
    (index) => String.fromCodePoint(index < FIRST_SURROGATE ? index : index + SURROGATES),
    indexOf,
  );

/** fast-check asks for this when it begins with a text of its own, as `__proto__`. @throws {Error} for something else. */
function indexOf(text: unknown): number {
  const [char, ...others] = typeof text === "string" ? text : "";
  const point = char?.codePointAt(0) ?? FIRST_SURROGATE;
  const isSurrogate = point >= FIRST_SURROGATE && point < FIRST_SURROGATE + SURROGATES;
  if (others.length > 0 || isSurrogate) throw new Error("not one code point");
  return point < FIRST_SURROGATE ? point : point - SURROGATES;
}
