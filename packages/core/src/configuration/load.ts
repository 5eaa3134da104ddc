import { DecodeError } from "../errors/errors.js";
import { messageOf } from "../errors/guard.js";
import { precomputeRevision } from "../hash/revision.js";
import type { Configuration, PayloadSet } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import type { Steps } from "../model/steps.js";
import { areEqualBytes } from "../runtime/bytes.js";
import { type Clock, createClock } from "../runtime/clock.js";
import type { Digest } from "../runtime/digest.js";
import { runInSlices } from "../runtime/slices.js";

/** What loading payloads came to. */
export type Loaded =
  | { readonly outcome: "changed"; readonly configuration: Configuration }
  | { readonly outcome: "unchanged" }
  | { readonly outcome: "rejected"; readonly error: DecodeError };

/** What payloads became, for the clients that share a source and are offered the same ones. */
const compiledOnce = new WeakMap<PayloadSet, WeakMap<Dialect, Promise<Configuration>>>();

/**
 * Compiles payloads into a configuration, unless they are the bytes of the one that is there. The
 * same set is compiled once for each dialect, whoever loads it. All of it is done in slices, between
 * which the event loop goes on.
 */
export async function loadConfiguration(
  dialect: Dialect,
  payloads: PayloadSet,
  former: Configuration | null,
  digest: Digest,
  clock: Clock = createClock(),
): Promise<Loaded> {
  if (former !== null && (await runInSlices(haveEqualBytes(payloads, former.payloads), clock))) {
    return { outcome: "unchanged" };
  }
  const byDialect = compiledOnce.get(payloads) ?? new WeakMap<Dialect, Promise<Configuration>>();
  compiledOnce.set(payloads, byDialect);
  const compiling = byDialect.get(dialect) ?? compile(dialect, payloads, former, digest, clock);
  byDialect.set(dialect, compiling);
  try {
    return { outcome: "changed", configuration: await compiling };
  } catch (cause) {
    // A failure is not kept: what failed may have been the asynchronous step.
    byDialect.delete(dialect);
    return { outcome: "rejected", error: asDecodeError(cause) };
  }
}

async function compile(
  dialect: Dialect,
  payloads: PayloadSet,
  former: Configuration | null,
  digest: Digest,
  clock: Clock,
): Promise<Configuration> {
  const prepared = (await dialect.prepare?.(payloads)) ?? payloads;
  const configuration =
    dialect.compileInSteps === undefined
      ? dialect.compile(prepared, former)
      : await runInSlices(dialect.compileInSteps(prepared, former), clock);
  await precomputeRevision(configuration.payloads, digest);
  return configuration;
}

function asDecodeError(cause: unknown): DecodeError {
  if (cause instanceof DecodeError) return cause;
  return new DecodeError("$", `cannot be loaded: ${messageOf(cause)}`, { cause });
}

/** Bytes that are compared in one step. */
const STEP_BYTES = 65_536;

/** Compares bytes, not hashes: they are at hand, and the first difference ends it. */
function* haveEqualBytes(a: PayloadSet, b: PayloadSet): Steps<boolean> {
  if (a.length !== b.length) return false;
  for (const { part, bytes } of a) {
    const other = b.find((payload) => payload.part === part)?.bytes;
    if (other === undefined || !(yield* areEqual(bytes, other))) return false;
  }
  return true;
}

function* areEqual(a: Uint8Array, b: Uint8Array): Steps<boolean> {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let offset = 0; offset < a.length; offset += STEP_BYTES) {
    const length = Math.min(STEP_BYTES, a.length - offset);
    if (!areEqualBytes(a, offset, b, offset, length)) return false;
    yield;
  }
  return true;
}
