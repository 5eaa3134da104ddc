import type { Participant } from "../cells/cell.js";

export const JSON_PARSE = "floor: JSON.parse";
const DECODE_AND_PARSE = "floor: decode + JSON.parse";

/**
 * Creates the floors of parsing a whole payload with the platform, from a string and from bytes.
 *
 * @param member - member of the root that contains the flags; `null`: the root itself.
 */
export function parseFloors(
  bytesOf: () => Uint8Array,
  member: string | null,
): readonly Participant[] {
  const parsing = (name: string, parserOf: (bytes: Uint8Array) => Parse): Participant => ({
    name,
    async prepare() {
      const parse = parserOf(bytesOf());
      // Kept as an SDK keeps its configuration, so that it is not garbage within the round.
      let parsed = parse();
      const flags = () => (member === null ? parsed : parsed[member]);
      return {
        answers: { flagCount: [Object.keys(flags() ?? {}).length] },
        run(operations) {
          let sum = 0;
          for (let i = 0; i < operations; i++) {
            parsed = parse();
            sum += flags() === undefined ? 0 : 1;
          }
          return sum;
        },
      };
    },
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
