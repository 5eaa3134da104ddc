const ZERO = 48;
const DOT = 46;
const V = 118;

/**
 * Returns a version of three numbers (`2.10.0`, `v2.10.0`) as a single number. These numbers sort and compare like the
 * padded strings of the versions. Parts have at most five digits and no leading zeros.
 *
 * @returns -1 for any other version.
 */
export function plainVersion(text: string): number {
  // Read within the function, so that V8 inlines the call with any bundler, even if a class extends `String`.
  const charCodeAt = String.prototype.charCodeAt;
  let key = 0;
  let part = 0;
  let digits = 0;
  let parts = 1;
  for (let i = charCodeAt.call(text, 0) === V ? 1 : 0; i < text.length; i++) {
    const unit = charCodeAt.call(text, i);
    if (unit === DOT) {
      if (digits === 0 || parts === 3) return -1;
      key = (key + part) * 100_000;
      part = 0;
      digits = 0;
      parts += 1;
      continue;
    }
    const digit = unit - ZERO;
    if (digit < 0 || digit > 9 || digits === 5 || (digits === 1 && part === 0)) return -1;
    part = part * 10 + digit;
    digits += 1;
  }
  return digits === 0 || parts !== 3 ? -1 : key + part;
}
