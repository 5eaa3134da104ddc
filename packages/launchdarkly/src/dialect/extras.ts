/** What a caller passes in addition to the attributes of a subject. */
export interface LaunchdarklyExtras {
  /**
   * A context as the vendor's SDK accepts it, including users without a kind. It replaces the subject's key and attributes. The
   * subject of exposures is then the key of its user or, if it has none, of its first kind.
   */
  readonly context?: unknown;
}
