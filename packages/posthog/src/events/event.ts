/** An event in the form in which it is sent. It shares no objects with the caller. */
export interface CapturedEvent {
  readonly event: string;
  readonly distinct_id: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** ISO 8601 in UTC. A caller's value that is not a date stays unchanged. */
  readonly timestamp: unknown;
  /** Deduplication id. The server keeps only one of two events with the same id. */
  readonly uuid: string;
  /** Further members according to the table of calls in the specification, such as `$set`. */
  readonly [member: string]: unknown;
}
