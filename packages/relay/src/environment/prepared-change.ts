import type { EnvironmentConfig } from "../config/config.js";
import { settleAll } from "../config/reading.js";
import type { ExposureLog, LoggerChange } from "./exposure-log.js";
import { type GrowthbookEvaluator, openGrowthbookEvaluator } from "./growthbook-evaluator.js";

/** What a change in place needs, opened and checked. */
export interface PreparedChange {
  readonly loggers: LoggerChange;
  readonly growthbookEvaluator: GrowthbookEvaluator | null;
}

/**
 * Checks and opens what another configuration needs.
 *
 * Rejects with an OptionError that names the path of the unknown or invalid option. Nothing is changed in that case.
 */
export async function prepareChange(
  config: EnvironmentConfig,
  exposures: ExposureLog,
): Promise<PreparedChange> {
  let loggers: LoggerChange | undefined;
  try {
    const [change, growthbookEvaluator] = await settleAll([
      async () => {
        loggers = await exposures.prepare(config.loggers);
        return loggers;
      },
      () => openGrowthbookEvaluator(config),
    ]);
    return { loggers: change, growthbookEvaluator };
  } catch (error) {
    await loggers?.discard();
    throw error;
  }
}
