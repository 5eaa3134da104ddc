/** One of our packages, with its version. */
export interface Release {
  readonly name: string;
  readonly version: string;
}

/** Shared by all copies of this package in the process. */
const RELEASE: unique symbol = Symbol.for("sortition.release");

interface Released {
  readonly [RELEASE]?: Release;
}

/**
 * Marks an object with the package that created it, and returns it. A client warns if that package has another version
 * than its own.
 */
export function markRelease<Made extends object>(made: Made, release: Release): Made {
  // Configurable, because the package whose source a vendor's source uses marks it first.
  Object.defineProperty(made, RELEASE, { value: release, configurable: true });
  return made;
}

/** Returns the package that created an object, or `null` if it has no mark. */
export function releaseOf(made: object): Release | null {
  return (made as Released)[RELEASE] ?? null;
}
