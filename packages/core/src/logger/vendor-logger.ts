import { OptionError } from "../errors/errors.js";
import type { Read, Readers } from "../errors/read-options.js";
import { type BufferedLogger, createBufferedLogger } from "./buffered-logger.js";
import { withCheckedMappers } from "./checked-mappers.js";
import {
  type BufferedLoggerOptions,
  type ResolvedLoggerOptions,
  resolveLoggerOptions,
} from "./options.js";
import type { PlainEvent } from "./prepare.js";
import {
  TRACK_CHANGES,
  type TrackMessage,
  type TrackOptions,
  trackMessage,
  trackReaders,
} from "./track.js";
import type { VendorPlan } from "./vendor.js";

/** The vendor-specific parts of a logger. */
export interface VendorParts<Message, Table extends Readers<unknown>> {
  /** Default of the option `name`. */
  readonly name: string;
  /** Whether the logger creates the vendor's instance. */
  readonly owned: boolean;
  /** Readers of the options that only this vendor has. */
  readonly readers: Table;
  /** Returns how messages reach the vendor's library. */
  readonly plan: (read: ResolvedLoggerOptions & Read<Table>) => VendorPlan<Message>;
  /** Builds the vendor's message from an event. `null`: the mapper drops the event. */
  readonly build: (event: PlainEvent) => Message | null;
  /** Whether `build` calls user functions other than mappers for an assignment. Default: false. */
  readonly callsUser?: boolean;
}

/**
 * Creates the logger of one vendor from the user's options.
 *
 * @throws {OptionError} for an unknown option or a bad value.
 */
export function createVendorLogger<Message, Table extends Readers<unknown> = object>(
  options: BufferedLoggerOptions & { readonly mapAssignment?: unknown },
  { name, owned, readers, plan, build, callsUser = false }: VendorParts<Message, Table>,
): BufferedLogger {
  const resolved = resolveLoggerOptions(options, readers, { name, owned });
  return createBufferedLogger(
    plan(resolved),
    resolved,
    build,
    callsUser || options.mapAssignment !== undefined,
  );
}

/**
 * Creates the logger of a vendor whose library has a `track` call.
 *
 * @throws {OptionError} for an unknown option or a bad value.
 */
export function createTrackLogger<Table extends Readers<unknown>>(
  options: BufferedLoggerOptions & TrackOptions,
  parts: Omit<VendorParts<TrackMessage, Table>, "build" | "callsUser">,
): BufferedLogger {
  if (typeof (options as { readonly track?: unknown }).track === "function") {
    throw new OptionError("options", "is an analytics instance: write { analytics }");
  }
  const checked = withCheckedMappers(options, TRACK_CHANGES);
  return createVendorLogger(options, {
    ...parts,
    readers: { ...trackReaders(), ...parts.readers },
    build: (event) => trackMessage(event, checked),
    callsUser: typeof options.eventName === "function",
  });
}
