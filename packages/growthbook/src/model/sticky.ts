/** `${attributeName}||${attributeValue}` */
export type StickyAttributeKey = string;

/** `${experimentKey}__${bucketVersion}` */
export type StickyExperimentKey = string;

/** Variation keys by experiment and version. */
export type StickyAssignments = Record<StickyExperimentKey, string>;
