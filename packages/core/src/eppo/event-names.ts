import type { AssignmentLogger } from "../delivery/assignment-logger.js";
import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";

/** A choice of a bandit under the names that the vendor's Node SDK has for it. */
export interface EppoNodeBanditEvent extends Omit<BanditEvent, "flagKey" | "banditKey"> {
  readonly featureFlag: string;
  readonly bandit: string;
}

/** A logger written for the vendor's Node SDK: both of that SDK's loggers in one object. */
export interface EppoNodeLogger extends Omit<AssignmentLogger, "logBanditAction"> {
  /** Takes one assignment. */
  logAssignment(event: AssignmentEvent): unknown;
  /** Takes one choice of a bandit. */
  logBanditAction?(event: EppoNodeBanditEvent): unknown;
}

/**
 * Lets a logger that was written for the vendor's Node SDK go on as it is: choices of bandits come to
 * it with `featureFlag` and `bandit` in place of `flagKey` and `banditKey`. Assignments have the same
 * names anyway.
 *
 * @param logger - called as it is; whether the client closes it is told by its own `owned`.
 */
export function withEppoNodeEventNames(logger: EppoNodeLogger): AssignmentLogger {
  const { name, owned } = logger;
  // A logger without a method is told from one that has it: delegate only what is there.
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
