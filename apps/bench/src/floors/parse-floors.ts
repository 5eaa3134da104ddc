import type { Participant, Task } from "../cells/cell.js";

export const JSON_PARSE = "floor: JSON.parse";
const DECODE_AND_PARSE = "floor: decode + JSON.parse";

/**
 * The cost of parsing a whole payload with the platform: from a string, and from bytes.
 *
 * @param member - of the root, that contains the flags; `null`: the root does.
 */
export function parseFloors(
  bytesOf: () => Uint8Array,
  member: string | null,
): readonly Participant[] {
  const parsing = (name: string, parserOf: (bytes: Uint8Array) => Parse): Participant => ({
    name,
    prepare: async () => parseTask(parserOf(bytesOf()), member),
  });
  return [
    parsing(JSON_PARSE, (bytes) => {
      const text = new TextDecoder().decode(bytes);
      return () => JSON.parse(text);
    }),
    parsing(DECODE_AND_PARSE, (bytes) => () => JSON.parse(new TextDecoder().decode(bytes))),
  ];
}

type Parse = () => Readonly<Record<string, object>>;

function parseTask(parse: Parse, member: string | null): Task {
  const flagsOf = (root: Readonly<Record<string, object>>) =>
    member === null ? root : root[member];
  // Kept as an SDK keeps its configuration, so that it is not garbage within the round.
  let parsed = parse();
  return {
    answers: { flagCount: [Object.keys(flagsOf(parsed) ?? {}).length] },
    run(operations) {
      let sum = 0;
      for (let i = 0; i < operations; i++) {
        parsed = parse();
        sum += flagsOf(parsed) === undefined ? 0 : 1;
      }
      return sum;
    },
  };
}
