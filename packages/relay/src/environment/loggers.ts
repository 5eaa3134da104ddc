import type { AssignmentLogger, Diagnostics } from "@sortition/core";
import { OptionError } from "@sortition/core/internal";
import { type FileLoggerOptions, ndjsonLogger } from "@sortition/node";
import type { RudderstackLoggerOptions } from "@sortition/rudderstack";
import type { SegmentLoggerOptions } from "@sortition/segment";
import type { SnowplowLoggerOptions } from "@sortition/snowplow";
import type { LoggerConfig, LoggerType } from "../config/config.js";
import { settleAll } from "../config/reading.js";
import { within, withOptionPath } from "./option-path.js";

/** Options from the configuration file. The function that creates the logger checks them. */
type Options = LoggerConfig["options"] & { readonly diagnostics: Diagnostics };

/** Loads the packages of a logger, and returns a function that creates it. */
type OpenLogger = (path: string) => Promise<(options: Options) => AssignmentLogger>;

const OPENERS: Readonly<Record<LoggerType, OpenLogger>> = {
  ndjson:
    async () =>
    ({ path, ...options }) => {
      if (typeof path !== "string" || path === "") throw new OptionError("path", "expected a path");
      return ndjsonLogger(path, options as FileLoggerOptions); // it checks them
    },
  async segment(path) {
    const load = async () => {
      await import("@segment/analytics-node");
      return await import("@sortition/segment");
    };
    const { segmentLogger } = await loaded(path, ["segment", "@segment/analytics-node"], load);
    return (options) => segmentLogger(options as Options & SegmentLoggerOptions); // it checks them
  },
  async rudderstack(path) {
    const load = async () => {
      await import("@rudderstack/rudder-sdk-node");
      return await import("@sortition/rudderstack");
    };
    const names = ["rudderstack", "@rudderstack/rudder-sdk-node"] as const;
    const { rudderstackLogger } = await loaded(path, names, load);
    return (options) => rudderstackLogger(options as Options & RudderstackLoggerOptions); // it checks them
  },
  async snowplow(path) {
    const load = async () => {
      await import("@snowplow/node-tracker");
      return await import("@sortition/snowplow");
    };
    const { snowplowLogger } = await loaded(path, ["snowplow", "@snowplow/node-tracker"], load);
    return (options) => snowplowLogger(options as Options & SnowplowLoggerOptions); // it checks them
  },
};

/** Loads optional peers. */
async function loaded<Module>(
  path: string,
  [ours, theirs]: readonly [ours: string, theirs: string],
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch {
    const problem = `needs the packages @sortition/${ours} and ${theirs}: install both`;
    throw new OptionError(`${path}.type`, problem);
  }
}

/**
 * Creates the loggers of an environment. Nothing is sent yet.
 *
 * Rejects with an OptionError that names the path of the unknown or invalid option.
 */
export async function openLoggers(
  configs: readonly LoggerConfig[],
  diagnostics: Diagnostics,
): Promise<readonly AssignmentLogger[]> {
  const loggers: AssignmentLogger[] = [];
  const open = async ({ options, path, type }: LoggerConfig): Promise<void> => {
    const create = await OPENERS[type](path);
    const logger = withOptionPath(within(path), options, (it) => create({ ...it, diagnostics }));
    if (loggers.some(({ name }) => name === logger.name)) {
      throw new OptionError(`${path}.name`, `${logger.name} is already used`);
    }
    loggers.push(logger);
  };
  await settleAll(configs.map((it) => () => open(it)));
  return loggers;
}
