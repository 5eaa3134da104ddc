import type { Split } from "./definition.js";
import { FormatError } from "./writer.js";

/** Part of a split, which contains the subjects whose hash is in `[start, end)`. */
export interface Part {
  readonly variation: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Returns the consecutive parts of a split, as whole numbers of shards.
 *
 * @param total - number of shards.
 * @throws FormatError if a share is not a whole number of shards.
 */
export function partsOf({ shares }: Split, total: number, format: string): readonly Part[] {
  let end = 0;
  return shares.map(({ percent, variation }) => {
    const size = Math.round((percent * total) / 100);
    if (Math.abs((percent * total) / 100 - size) > 1e-6) {
      throw new FormatError(`${format} cannot express ${percent}%, because it has ${total} shards`);
    }
    const start = end;
    end += size;
    return { variation, start, end };
  });
}
