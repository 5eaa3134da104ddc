import type { AssignmentLogger } from "../delivery/assignment-logger.js";
import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";

/** A bandit event with the member names of the vendor's Node SDK. */
export interface EppoNodeBanditEvent extends Omit<BanditEvent, "flagKey" | "banditKey"> {
  readonly featureFlag: string;
  readonly bandit: string;
}

/** A logger written for the vendor's Node SDK: its assignment and bandit loggers in one object. */
export interface EppoNodeLogger extends Omit<AssignmentLogger, "logBanditAction"> {
  /** Logs one assignment. */
  logAssignment(event: AssignmentEvent): unknown;
  /** Logs one bandit action. */
  logBanditAction?(event: EppoNodeBanditEvent): unknown;
}

/**
 * Adapts a logger that was written for the vendor's Node SDK: bandit events have `featureFlag` and
 * `bandit` instead of `flagKey` and `banditKey`. Assignment events have the same names in both.
 *
 * @param logger - the client closes it if its `owned` is true.
 */
export function withEppoNodeEventNames(logger: EppoNodeLogger): AssignmentLogger {
  const { name, owned } = logger;
  // Methods are optional, so delegate only to existing ones.
  return {
    ...(name === undefined ? {} : { name }),
    ...(owned === undefined ? {} : { owned }),
    logAssignment: (event) => logger.logAssignment(event),
    ...(logger.logBanditAction === undefined
      ? {}
      : { logBanditAction: (event) => logger.logBanditAction?.(renamed(event)) }),
    ...(logger.flush === undefined ? {} : { flush: (deadline) => logger.flush?.(deadline) }),
    ...(logger.close === undefined ? {} : { close: (deadline) => logger.close?.(deadline) }),
    ...(logger.stats === undefined ? {} : { stats: () => logger.stats?.() ?? {} }),
  };
}

function renamed({ flagKey, banditKey, ...event }: BanditEvent): EppoNodeBanditEvent {
  const { timestamp, ...rest } = event;
  return Object.freeze({ timestamp, featureFlag: flagKey, bandit: banditKey, ...rest });
}
