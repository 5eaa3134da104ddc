import type { AssignmentLogger, Diagnostics } from "@sortition/core";
import { OptionError } from "@sortition/core/internal";
import { type FileLoggerOptions, ndjsonLogger } from "@sortition/node";
import type { RudderstackLoggerOptions } from "@sortition/rudderstack";
import type { SegmentLoggerOptions } from "@sortition/segment";
import type { SnowplowLoggerOptions } from "@sortition/snowplow";
import type { LoggerConfig, LoggerType } from "../config/config.js";
import { withOptionPath } from "./option-path.js";
import type { Fleet } from "./sources.js";

/** Options as the file has them. The function that makes the logger checks them. */
type Options = LoggerConfig["options"] & { readonly diagnostics: Diagnostics };

/** Makes a logger, with the packages that it needs. Nothing is sent yet. */
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
 * Makes the loggers of an environment. Nothing is sent yet.
 *
 * Rejects with an OptionError that names the path of the option which is unknown or has a bad value.
 */
export async function openLoggers(
  configs: readonly LoggerConfig[],
  diagnostics: Diagnostics,
): Promise<readonly AssignmentLogger[]> {
  const loggers: AssignmentLogger[] = [];
  for (const { options, path, type } of configs) {
    const open = await OPENERS[type](path);
    const logger = withOptionPath(path, () => open({ ...options, diagnostics }));
    if (loggers.some(({ name }) => name === logger.name)) {
      throw new OptionError(`${path}.name`, `${logger.name} is the name of another one`);
    }
    loggers.push(logger);
  }
  return loggers;
}

/** Exposures that a replica holds while Redis does not take them. */
const MAX_PENDING = 10_000;
/** Room that is left for the exposures of the requests which are admitted: of the number, and of 32 MiB. */
const FULL_AT = { buffered: MAX_PENDING - 200, bufferedBytes: 28 * 1_024 * 1_024 };

/** What says how many exposures wait for Redis. */
interface Queue {
  stats(): { readonly buffered: number; readonly bufferedBytes: number };
}

/** Where the exposures of an environment go. */
export class ExposureLoggers {
  /** `null`: there is none. */
  readonly loggers: readonly AssignmentLogger[] | null;
  readonly #queues: readonly Queue[];
  #refused = 0;

  constructor(loggers: readonly AssignmentLogger[], queues: readonly Queue[] = []) {
    this.loggers = loggers.length === 0 ? null : loggers;
    this.#queues = queues;
  }

  /** Requests that were refused because too many exposures wait for Redis. */
  get refused(): number {
    return this.#refused;
  }

  /** Whether there is room for the exposures of a request. A refusal is counted. */
  admit(): boolean {
    const isFull = this.#queues.some((it) => {
      const { buffered, bufferedBytes } = it.stats();
      return buffered > FULL_AT.buffered || bufferedBytes > FULL_AT.bufferedBytes;
    });
    if (isFull) this.#refused += 1;
    return !isFull;
  }
}

/** Loggers that get each exposure of all replicas once, from Redis. */
export function sharedLoggers(
  loggers: readonly AssignmentLogger[],
  fleet: Pick<Fleet, "dedupe" | "outbox">,
): ExposureLoggers {
  const shared = loggers.map((logger) => {
    const options = { name: logger.name, maxPending: MAX_PENDING };
    return fleet.dedupe(fleet.outbox(logger, options), options);
  });
  return new ExposureLoggers(shared, shared);
}
