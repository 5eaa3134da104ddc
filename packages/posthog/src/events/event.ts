/** An event as it is sent. Nothing in it belongs to the caller any more. */
export interface CapturedEvent {
  readonly event: string;
  readonly distinct_id: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** ISO 8601, UTC; a value of the caller that is not a date stays as it is. */
  readonly timestamp: unknown;
  /** Deduplication id: the server keeps one of two events that have the same. */
  readonly uuid: string;
  /** Members of the table of calls in the specification, such as `$set`. */
  readonly [member: string]: unknown;
}
