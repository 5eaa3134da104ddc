/** Counters of what `@sortition/web` did with a client. They never decrease. */
export interface WebCounters {
  /** Snapshots that were created for pages. */
  readonly snapshots: number;
  /** Snapshots whose exposures were logged when they were created, because their token would be too long. */
  readonly loggedOnRead: number;
  /** Requests from browsers whose exposures were logged, or had been logged before. */
  readonly posts: number;
  /** Requests from browsers that were refused because their body or token is malformed. */
  readonly malformed: number;
  /** Requests from browsers that were refused because their token was changed, or encrypted with another audience or secret. */
  readonly forged: number;
  /** Requests from browsers that were refused because their token has expired. */
  readonly expired: number;
  /** Requests from browsers that were refused because their token is for another vendor's flags. */
  readonly otherVendor: number;
  /** Requests from browsers that were refused because this runtime cannot decompress their token. */
  readonly compressed: number;
  /** Requests from browsers that were refused because their body is too large. */
  readonly tooLarge: number;
  /** Requests from browsers that ended before their body was received or, in HTTP/2, before it was read. */
  readonly aborted: number;
  /** Requests from browsers that were refused because the application read their body first. */
  readonly consumed: number;
  /** Flags in requests from browsers that their token does not contain. */
  readonly unknownFlags: number;
  /** Subjects whose overrides were used. */
  readonly overrides: number;
  /** Overrides that were ignored because they are malformed, forged, expired, or for another subject. */
  readonly ignoredOverrides: number;
}

/** Counters before anything was counted. */
export const NO_WEB_COUNTERS: WebCounters = {
  snapshots: 0,
  loggedOnRead: 0,
  posts: 0,
  malformed: 0,
  forged: 0,
  expired: 0,
  otherVendor: 0,
  compressed: 0,
  tooLarge: 0,
  aborted: 0,
  consumed: 0,
  unknownFlags: 0,
  overrides: 0,
  ignoredOverrides: 0,
};
