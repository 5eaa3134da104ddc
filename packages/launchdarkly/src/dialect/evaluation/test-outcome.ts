/** The outcome of a clause, a rule's clauses or a segment. */
export type Tested = typeof FAILS | typeof HOLDS | typeof MALFORMED | typeof UNRESOLVED;

export const FAILS = 0;
export const HOLDS = 1;
/** Malformed in a way that the vendor's SDK reports. */
export const MALFORMED = 2;
/** It needs the members of a big segment, but there is no lookup for them. */
export const UNRESOLVED = 3;
