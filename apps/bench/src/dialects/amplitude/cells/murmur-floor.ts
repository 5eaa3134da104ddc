import { murmur3Uint32 } from "@sortition/core/dialect";
import { murmur3Prefix } from "@sortition/core/dialect-internal";
import type { Participant } from "../../../cells/cell.js";
import { floor } from "../../../floors/floor.js";

/** Lower bound of an evaluation with a bucket. */
export const MURMUR_AND_LOOK_UP = "floor: own murmur3 + look-up";

/** Creates the floor of one hash of a salt and a user, and one lookup of a flag. */
export function murmurFloor(flagKey: string): Participant {
  const flags = new Map([[flagKey, murmur3Prefix(`${flagKey}-salt/`)]]);
  return floor({
    name: MURMUR_AND_LOOK_UP,
    topic: "hashes",
    ask(subject) {
      const prefix = flags.get(flagKey);
      return prefix === undefined ? -1 : murmur3Uint32(subject, prefix);
    },
    digest: (hash) => hash & 0xff,
  });
}
