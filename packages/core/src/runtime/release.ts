/** A package of ours, and its version. */
export interface Release {
  readonly name: string;
  readonly version: string;
}

/** Of all copies of this package in the process. */
const RELEASE: unique symbol = Symbol.for("sortition.release");

interface Released {
  readonly [RELEASE]?: Release;
}

/** Returns `made`, marked with the package that made it. A client warns if that is of another version than its own. */
export function markRelease<Made extends object>(made: Made, release: Release): Made {
  // A vendor's source is first marked by the package whose source it uses.
  Object.defineProperty(made, RELEASE, { value: release, configurable: true });
  return made;
}

/** The package that made it; `null` if it has no mark. */
export function releaseOf(made: object): Release | null {
  return (made as Released)[RELEASE] ?? null;
}
