import type { AssignmentEvent } from "@sortition/core";

/** Exposure in the format of Datadog's exposure events. */
export interface DatadogExposure {
  /** Epoch ms. */
  readonly timestamp: number;
  readonly allocation: { readonly key: string };
  readonly flag: { readonly key: string };
  readonly variant: { readonly key: string };
  /** Serial ID of the split; absent if the configuration has none. */
  readonly serial_id?: number;
  readonly subject: {
    readonly id: string;
    readonly attributes: AssignmentEvent["subjectAttributes"];
  };
}

/** Converts an event of a client that uses Datadog's dialect to Datadog's exposure event, for your own logger to send. */
export function exposureOf(event: AssignmentEvent): DatadogExposure {
  const { allocation, featureFlag, subject, subjectAttributes, timestamp, variation } = event;
  const { serialId } = event as AssignmentEvent & { readonly serialId?: unknown };
  return {
    timestamp: Date.parse(timestamp),
    allocation: { key: allocation ?? "" }, // always set by this dialect
    flag: { key: featureFlag },
    variant: { key: variation ?? "" },
    ...(typeof serialId === "number" ? { serial_id: serialId } : {}),
    subject: { id: subject, attributes: subjectAttributes },
  };
}
