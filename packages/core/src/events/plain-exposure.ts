import type { ExposureBase } from "../model/exposure.js";
import type { ExposureContext } from "./exposure-context.js";

/**
 * An exposure that was not logged yet, as JSON data. Its event gets the ID that it has here, however often and in
 * whichever process it is logged, and the time at which it is logged.
 */
export interface PlainExposure {
  readonly messageId: string;
  readonly base: ExposureBase;
  readonly context: Pick<ExposureContext, "flagKey" | "subject" | "configuration">;
  /** The event's `evaluationDetails`. */
  readonly details: object | null;
}
