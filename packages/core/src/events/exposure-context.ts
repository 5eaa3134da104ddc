import type { Configuration } from "../model/configuration.js";
import type { Subject } from "../model/subject.js";

/** The call that an exposure comes from. */
export interface ExposureContext {
  /** The requested key. */
  readonly flagKey: string;
  readonly subject: Subject;
  readonly configuration: Pick<Configuration, "eventFields">;
  /** ID of the event. Default: built from its identity and time. */
  readonly messageId?: string | undefined;
  /** Wall clock, epoch ms. */
  nowMs(): number;
}
