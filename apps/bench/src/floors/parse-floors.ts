import type { Participant, Task } from "../cells/cell.js";

export const JSON_PARSE = "floor: JSON.parse";
const DECODE_AND_PARSE = "floor: decode + JSON.parse";

/**
 * The cost of parsing a whole configuration with the platform: from a string, and from bytes.
 *
 * @param member - of the root, that contains the flags.
 */
export function parseFloors(bytesOf: () => Uint8Array, member = "flags"): readonly Participant[] {
  return [
    {
      name: JSON_PARSE,
      async prepare() {
        const text = new TextDecoder().decode(bytesOf());
        return parseTask(() => JSON.parse(text), member);
      },
    },
    {
      name: DECODE_AND_PARSE,
      async prepare() {
        const bytes = bytesOf();
        return parseTask(() => JSON.parse(new TextDecoder().decode(bytes)), member);
      },
    },
  ];
}

function parseTask(parse: () => Readonly<Record<string, object>>, member: string): Task {
  // Kept as an SDK keeps its configuration, so that it is not garbage within the round.
  let parsed = parse();
  return {
    answers: { flagCount: [Object.keys(parsed[member] ?? {}).length] },
    run(operations) {
      let sum = 0;
      for (let i = 0; i < operations; i++) {
        parsed = parse();
        sum += member in parsed ? 1 : 0;
      }
      return sum;
    },
  };
}
