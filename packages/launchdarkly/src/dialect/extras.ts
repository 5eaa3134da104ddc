/** What a caller passes in addition to the attributes of a subject. */
export interface LaunchdarklyExtras {
  /** A context as the vendor's SDK accepts it, including users without a kind. It replaces the subject's key and attributes. */
  readonly context?: unknown;
}
