import { DecodeError } from "../errors/errors.js";
import { messageOf } from "../errors/guard.js";
import { precomputeRevision } from "../hash/revision.js";
import type { Configuration, PayloadSet } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import type { Digest } from "../runtime/digest.js";

/** What loading payloads came to. */
export type Loaded =
  | { readonly outcome: "changed"; readonly configuration: Configuration }
  | { readonly outcome: "unchanged" }
  | { readonly outcome: "rejected"; readonly error: DecodeError };

/** What payloads became, for the clients that share a source and are offered the same ones. */
const compiledOnce = new WeakMap<PayloadSet, WeakMap<Dialect, Promise<Configuration>>>();

/**
 * Compiles payloads into a configuration, unless they are the bytes of the one that is there. The
 * same set is compiled once for each dialect, whoever loads it.
 */
export async function loadConfiguration(
  dialect: Dialect,
  payloads: PayloadSet,
  former: Configuration | null,
  digest: Digest,
): Promise<Loaded> {
  if (former !== null && haveEqualBytes(payloads, former.payloads)) return { outcome: "unchanged" };
  const byDialect = compiledOnce.get(payloads) ?? new WeakMap<Dialect, Promise<Configuration>>();
  compiledOnce.set(payloads, byDialect);
  const compiling = byDialect.get(dialect) ?? compile(dialect, payloads, former, digest);
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
): Promise<Configuration> {
  const prepared = (await dialect.prepare?.(payloads)) ?? payloads;
  const configuration = dialect.compile(prepared, former);
  await precomputeRevision(configuration.payloads, digest);
  return configuration;
}

function asDecodeError(cause: unknown): DecodeError {
  if (cause instanceof DecodeError) return cause;
  return new DecodeError("$", `cannot be loaded: ${messageOf(cause)}`, { cause });
}

/** Compares bytes, not hashes: they are at hand, and the first difference ends it. */
function haveEqualBytes(a: PayloadSet, b: PayloadSet): boolean {
  return (
    a.length === b.length &&
    a.every(({ part, bytes }) => {
      const other = b.find((payload) => payload.part === part)?.bytes;
      return other !== undefined && areEqual(bytes, other);
    })
  );
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  // Indexed loop: payloads have megabytes, and a callback for each of them stalls the event loop.
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return false;
  }
  return true;
}
