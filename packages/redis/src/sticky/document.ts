/** The sticky assignments of one subject, in the shape of GrowthBook's. */
export interface StickyAssignmentsDocument {
  attributeName: string;
  attributeValue: string;
  /** Variation keys by `<experiment>__<version>`. */
  assignments: Record<string, string>;
}

/** The subject of a document: the name of an attribute and its value. */
export type StickySubject = Pick<StickyAssignmentsDocument, "attributeName" | "attributeValue">;

/** What is known of the stored assignments of a subject. */
export type StoredAssignments = ReadonlyMap<string, string>;

/** The key of a document among others: `<name>||<value>`. */
export function documentKey({ attributeName, attributeValue }: StickySubject): string {
  return `${attributeName}||${attributeValue}`;
}

/** The document of a subject with these assignments. */
export function documentOf(
  { attributeName, attributeValue }: StickySubject,
  stored: StoredAssignments,
): StickyAssignmentsDocument {
  return { attributeName, attributeValue, assignments: Object.fromEntries(stored) };
}
