import { resolve } from "node:path";
import type { AssignmentLogger, Diagnostics } from "@sortition/core";
import { OptionError } from "@sortition/core/internal";
import { type FileLoggerOptions, ndjsonLogger } from "@sortition/node";
import { succeedingNdjsonLogger } from "@sortition/node/internal";
import type { RudderstackLoggerOptions } from "@sortition/rudderstack";
import type { SegmentLoggerOptions } from "@sortition/segment";
import type { SnowplowLoggerOptions } from "@sortition/snowplow";
import type { LoggerConfig, LoggerType } from "../config/config.js";
import { within, withOptionPath } from "./option-path.js";

/** Options from the configuration file. The function that creates the logger checks them. */
type Options = LoggerConfig["options"] & { readonly diagnostics: Diagnostics };

/** Loads the packages of a logger, and returns a function that creates it. */
type LoadLogger = (path: string) => Promise<CreateLogger>;

/** @param former - resolves when another logger has closed the file of this one. */
type CreateLogger = (options: Options, former: Promise<void> | null) => AssignmentLogger;

const OPENERS: Readonly<Record<LoggerType, LoadLogger>> = {
  ndjson:
    async () =>
    ({ path, ...options }, former) => {
      if (typeof path !== "string" || path === "") throw new OptionError("path", "expected a path");
      const checked = options as FileLoggerOptions; // the logger checks them
      return former === null
        ? ndjsonLogger(path, checked)
        : succeedingNdjsonLogger(path, checked, former);
    },
  async segment(path) {
    const { segmentLogger } = await loaded(path, "segment", () => import("@sortition/segment"));
    return (options) => segmentLogger(options as Options & SegmentLoggerOptions); // it checks them
  },
  async rudderstack(path) {
    const load = () => import("@sortition/rudderstack");
    const { rudderstackLogger } = await loaded(path, "rudderstack", load);
    return (options) => rudderstackLogger(options as Options & RudderstackLoggerOptions); // it checks them
  },
  async snowplow(path) {
    const { snowplowLogger } = await loaded(path, "snowplow", () => import("@sortition/snowplow"));
    return (options) => snowplowLogger(options as Options & SnowplowLoggerOptions); // it checks them
  },
};

/** Loads an optional peer. */
async function loaded<Module>(
  path: string,
  name: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load();
  } catch {
    throw new OptionError(`${path}.type`, `needs the package @sortition/${name}: install it`);
  }
}

/** An open logger of the configuration. */
export interface OpenedLogger {
  readonly config: LoggerConfig;
  readonly logger: AssignmentLogger;
  /** Absolute path of the file that it writes to; `null` for a service. */
  readonly file: string | null;
  /** Resolves when {@link close} has ended. */
  readonly closed: Promise<void>;
  /** Delivers what it accepted, within a time limit. Never rejects. */
  close(timeoutMs: number): Promise<void>;
}

/**
 * Opens a logger. Nothing is sent yet.
 *
 * Rejects with an OptionError that names the path of the unknown or invalid option.
 *
 * @param formers - loggers that will be closed. A new one waits until their file is closed.
 */
export async function openLogger(
  config: LoggerConfig,
  diagnostics: Diagnostics,
  formers: readonly OpenedLogger[],
): Promise<OpenedLogger> {
  const { options, path, type } = config;
  const create = await OPENERS[type](path);
  const file = type === "ndjson" ? resolve(String(options["path"])) : null;
  const former = formers.find((it) => file !== null && it.file === file)?.closed ?? null;
  const logger = withOptionPath(within(path), options, (it) =>
    create({ ...it, diagnostics }, former),
  );
  let end = (): void => {};
  const closed = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    ...{ config, logger, file, closed },
    async close(timeoutMs) {
      const signal = AbortSignal.timeout(timeoutMs);
      await Promise.resolve(logger.close?.({ timeoutMs, signal })).catch(() => {});
      end();
    },
  };
}
