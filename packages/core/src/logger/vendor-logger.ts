import { requireFunction, requireString } from "../errors/option-checks.js";
import { type BufferedLogger, createBufferedLogger } from "./buffered-logger.js";
import {
  type BufferedLoggerOptions,
  type ResolvedLoggerOptions,
  resolveLoggerOptions,
} from "./options.js";
import type { PlainEvent } from "./prepare.js";
import { TRACK_OPTION_NAMES, type TrackMessage, type TrackOptions, trackMessage } from "./track.js";
import type { VendorPlan } from "./vendor.js";

/** The vendor-specific parts of a logger. */
export interface VendorParts<Message> {
  /** Default of the option `name`. */
  readonly name: string;
  /** Whether the logger creates the vendor's instance. */
  readonly owned: boolean;
  /** Names of the options that only this vendor has. */
  readonly optionNames: readonly string[];
  /** Checks the vendor's own options, and returns how messages reach its library. */
  readonly plan: (resolved: ResolvedLoggerOptions) => VendorPlan<Message>;
  /** Builds the vendor's message from an event. `null`: the mapper drops the event. */
  readonly build: (event: PlainEvent) => Message | null;
  /** Whether `build` calls user functions other than mappers for an assignment. Default: false. */
  readonly callsUser?: boolean;
}

/** Options that all vendors' loggers have, each with its own type. */
interface Mappers {
  readonly mapAssignment?: unknown;
  readonly mapBandit?: unknown;
}

/**
 * Creates the logger of one vendor from the user's options.
 *
 * @throws {OptionError} for an unknown option or a bad value.
 */
export function createVendorLogger<Message>(
  options: BufferedLoggerOptions & Mappers,
  { name, owned, optionNames, plan, build, callsUser = false }: VendorParts<Message>,
): BufferedLogger {
  const resolved = resolveLoggerOptions(options, optionNames, { name, owned });
  const { mapAssignment, mapBandit } = options;
  requireFunction("mapAssignment", mapAssignment);
  requireFunction("mapBandit", mapBandit);
  return createBufferedLogger(
    plan(resolved),
    resolved,
    build,
    callsUser || mapAssignment !== undefined,
  );
}

/**
 * Creates the logger of a vendor whose library has a `track` call.
 *
 * @throws {OptionError} for an unknown option or a bad value.
 */
export function createTrackLogger(
  options: BufferedLoggerOptions & TrackOptions,
  parts: Omit<VendorParts<TrackMessage>, "build" | "callsUser">,
): BufferedLogger {
  const { eventName } = options;
  if (eventName !== undefined && typeof eventName !== "function") {
    requireString("eventName", eventName, "expected a non-empty string or a function");
  }
  return createVendorLogger(options, {
    ...parts,
    optionNames: [...TRACK_OPTION_NAMES, ...parts.optionNames],
    build: (event) => trackMessage(event, options),
    callsUser: typeof eventName === "function",
  });
}
