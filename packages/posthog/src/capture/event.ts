/** An event as it is sent. Nothing in it belongs to the caller any more. */
export interface CapturedEvent {
  readonly event: string;
  readonly distinct_id: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** ISO 8601, UTC; what the caller gave if that is no date. */
  readonly timestamp: unknown;
  /** By which the server recognises an event that it gets twice. */
  readonly uuid: string;
  /** Members of the table of calls in the specification, such as `$set`. */
  readonly [member: string]: unknown;
}
