/** Keys that are common words in programs. */
const COMMON: ReadonlySet<string> = new Set([
  ..."active all auto beta check color config control count data debug default demo disabled dev email".split(
    " ",
  ),
  ..."enabled error event experiment false feature file flag group home index info item json key label".split(
    " ",
  ),
  ..."level limit list main menu message mode name none null number off old order page path plan price".split(
    " ",
  ),
  ..."prod production result role search size state status string table test text theme time title".split(
    " ",
  ),
  ..."token treatment true type undefined user users value variant version view warn yes".split(
    " ",
  ),
]);
const MIN_LENGTH = 4;

/** Whether a key in quotes probably means something other than the flag. */
export function isAmbiguous(key: string): boolean {
  return key.length < MIN_LENGTH || COMMON.has(key.toLowerCase());
}

/** Names that generators create from a key of several words: `testCheckout`, `TestCheckout`, `TEST_CHECKOUT`, `test_checkout`. */
export function namesOf(key: string): readonly string[] {
  const words = key
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1 $2")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
  if (words.length < 2) return [];
  const capitalized = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const [first = ""] = words;
  const snake = words.join("_");
  return [
    ...new Set([
      [first, ...capitalized.slice(1)].join(""),
      capitalized.join(""),
      snake.toUpperCase(),
      snake,
    ]),
  ];
}
