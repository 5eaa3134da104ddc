/** The sticky assignments of one subject, in GrowthBook's format. */
export interface StickyAssignmentsDocument {
  attributeName: string;
  attributeValue: string;
  /** Variation keys by `<experiment>__<version>`. */
  assignments: Record<string, string>;
}

/** The subject of a document: name and value of an attribute. */
export type StickySubject = Pick<StickyAssignmentsDocument, "attributeName" | "attributeValue">;

/** Known stored assignments of a subject. */
export type StoredAssignments = ReadonlyMap<string, string>;

/** Returns the key of a document: `<name>||<value>`. */
export function documentKey({ attributeName, attributeValue }: StickySubject): string {
  return `${attributeName}||${attributeValue}`;
}

/** Creates the document of a subject with these assignments. */
export function documentOf(
  { attributeName, attributeValue }: StickySubject,
  stored: StoredAssignments,
): StickyAssignmentsDocument {
  return { attributeName, attributeValue, assignments: Object.fromEntries(stored) };
}
