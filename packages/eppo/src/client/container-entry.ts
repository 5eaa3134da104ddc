/** A flag that a content management system created, and its entries. */
export interface IContainerExperiment<T> {
  flagKey: string;
  controlVariationEntry: T;
  treatmentVariationEntries: T[];
}

/**
 * The entry of `control`, `treatment-1`, `treatment-2` …
 *
 * @param onUnknown - called before the control entry is returned for any other variation.
 */
export function entryOf<T>(
  { controlVariationEntry, treatmentVariationEntries: treatments }: IContainerExperiment<T>,
  variation: string,
  onUnknown: () => void,
): T {
  if (variation === "control") return controlVariationEntry;
  // As the vendor reads it: "treatment-2-b" is the second.
  const number = variation.startsWith("treatment-") ? variation.split("-")[1] : undefined;
  const index = Number.parseInt(number ?? "", 10) - 1;
  if (index >= 0 && index < treatments.length) return treatments[index] as T; // in the list
  onUnknown();
  return controlVariationEntry;
}
