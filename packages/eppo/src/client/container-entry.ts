/** A flag created by a content management system, and its entries. */
export interface IContainerExperiment<T> {
  flagKey: string;
  controlVariationEntry: T;
  treatmentVariationEntries: T[];
}

/**
 * Returns the entry for `control`, `treatment-1`, `treatment-2` and so on.
 *
 * @param onUnknown - called before the control entry is returned for any other variation.
 */
export function entryOf<T>(
  { controlVariationEntry, treatmentVariationEntries: treatments }: IContainerExperiment<T>,
  variation: string,
  onUnknown: () => void,
): T {
  if (variation === "control") return controlVariationEntry;
  // Quirk: "treatment-2-b" and "treatment-0x2" are the second entry, and "treatment-0" has the
  // entry `undefined` (eppo).
  const number = variation.startsWith("treatment-") ? variation.split("-")[1] : undefined;
  // biome-ignore lint/correctness/useParseIntRadix: the vendor reads hexadecimal numbers, too
  const index = Number.parseInt(number ?? "") - 1;
  if (!Number.isNaN(index) && index < treatments.length) {
    return treatments[index] as T; // in the list, except for number 0
  }
  onUnknown();
  return controlVariationEntry;
}
