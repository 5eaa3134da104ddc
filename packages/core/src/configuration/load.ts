import { DecodeError, isDecodeError, SortitionError } from "../errors/errors.js";
import { messageOf } from "../errors/guard.js";
import type { Configuration, PayloadSet } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import { type Clock, createClock } from "../runtime/clock.js";
import type { Digest } from "../runtime/digest.js";
import { isRevisionRead, precomputeRevision } from "../runtime/revision.js";
import { runAtOnce, runInSlices } from "../runtime/slices.js";
import { namingVendor } from "./foreign-payload.js";
import { comparePayloads } from "./same-payloads.js";

/** Result of loading payloads: another configuration, the same bytes as before, or the error. */
export type Loaded =
  | { readonly outcome: "changed"; readonly configuration: Configuration }
  | { readonly outcome: "unchanged" }
  | { readonly outcome: "rejected"; readonly error: SortitionError };

/** Configurations by payload set, because clients that share a source are offered the same sets. */
const compiledOnce = new WeakMap<PayloadSet, WeakMap<Dialect, Promise<Configuration>>>();

/**
 * Prepares and compiles payloads, unless their bytes equal those of the previous configuration. The same set is
 * compiled once per dialect object. Everything runs in slices that yield to the event loop. Never rejects.
 */
export async function loadConfiguration(
  dialect: Dialect,
  payloads: PayloadSet,
  former: Configuration | null,
  digest: Digest,
  clock: Clock = createClock(),
): Promise<Loaded> {
  try {
    if (former !== null && (await runInSlices(comparePayloads(payloads, former.payloads), clock))) {
      return { outcome: "unchanged" };
    }
    const byDialect = configurationsOf(payloads);
    const compiling = byDialect.get(dialect) ?? compile(dialect, payloads, former, digest, clock);
    byDialect.set(dialect, compiling);
    return { outcome: "changed", configuration: await compiling };
  } catch (cause) {
    // Failures are not kept, because the asynchronous step may succeed the next time.
    compiledOnce.get(payloads)?.delete(dialect);
    const error = loadError(namingVendor(cause, payloads, dialect.name));
    return { outcome: "rejected", error: placed(error, payloads) };
  }
}

/** Adds the place that an unusable payload came from to its error. */
function placed(error: SortitionError, payloads: PayloadSet): SortitionError {
  if (!isDecodeError(error)) return error;
  const { part, path, problem } = error;
  const place = payloads.find((payload) => part === null || payload.part === part)?.place;
  if (place === undefined) return error;
  // The error itself has the members of the options: cause, part and isJson.
  return new DecodeError(path, `${problem}, from ${place}`, error);
}

/** Remembers a configuration by its payloads, so that they are not compiled again. */
export function rememberCompiled(configuration: Configuration): void {
  const { dialect, payloads } = configuration;
  configurationsOf(payloads).set(dialect, Promise.resolve(configuration));
}

/**
 * Converts anything thrown to an error: a `SortitionError` is returned as it is, anything else becomes the cause of
 * one.
 */
export function loadError(cause: unknown): SortitionError {
  if (SortitionError.is(cause)) return cause;
  return new DecodeError("$", `cannot be loaded: ${messageOf(cause)}`, { cause });
}

function configurationsOf(payloads: PayloadSet): WeakMap<Dialect, Promise<Configuration>> {
  const known = compiledOnce.get(payloads) ?? new WeakMap<Dialect, Promise<Configuration>>();
  compiledOnce.set(payloads, known);
  return known;
}

/**
 * Up to this size, the first configuration is loaded in one slice. In a process that has not run anything yet, this
 * takes less than 5 ms, and there are no evaluations yet that it could delay.
 */
const UNSLICED_BYTES = 262_144;

async function compile(
  dialect: Dialect,
  payloads: PayloadSet,
  former: Configuration | null,
  digest: Digest,
  clock: Clock,
): Promise<Configuration> {
  const prepared = (await dialect.prepare?.(payloads)) ?? null;
  const input = { payloads, prepared, former };
  if (former === null && isSmall(payloads)) {
    // Its revision is computed on first read, in a fraction of a millisecond.
    const steps = dialect.compileInSteps?.(input);
    return steps === undefined ? dialect.compile(input) : runAtOnce(steps);
  }
  const configuration =
    dialect.compileInSteps === undefined
      ? dialect.compile(input)
      : await runInSlices(dialect.compileInSteps(input), clock);
  if (!isPatch(payloads, former)) await precomputeRevision(configuration.payloads, digest);
  return configuration;
}

function isSmall(payloads: PayloadSet): boolean {
  return payloads.reduce((sum, { bytes }) => sum + bytes.length, 0) <= UNSLICED_BYTES;
}

/**
 * Whether a stream changed single items of a configuration whose revision was never read. The revision of its successor is
 * probably not read either, and would take longer than everything else.
 */
function isPatch(payloads: PayloadSet, former: Configuration | null): boolean {
  if (former === null || isRevisionRead(former.payloads)) return false;
  return [payloads, former.payloads].every((set) => set.some(({ items }) => items !== undefined));
}
