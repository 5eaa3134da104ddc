import { EvaluationError, OptionError } from "../../errors/errors.js";
import { isPromise, keyName, messageOf } from "../../errors/guard.js";
import type { Dialect } from "../../model/dialect.js";
import type { PrecomputeRequest, PrecomputingDialect } from "../../model/precompute.js";
import type { Clock } from "../../runtime/clock.js";
import { draw, type Random } from "../../runtime/random.js";
import type { ConfigurationStore } from "../lifecycle/configuration-store.js";
import type { Mistakes } from "./mistakes.js";

const SALT_LENGTH = 24;
/** Digits and lower-case letters. */
const SALT_RADIX = 36;

/** The parts of a client that precomputing needs. */
export interface PrecomputingParts {
  readonly dialect: Dialect;
  readonly store: ConfigurationStore;
  readonly mistakes: Mistakes;
  readonly clock: Pick<Clock, "now" | "monotonicMs">;
  readonly random: Random;
}

/** The subject and its actions. */
interface ClientRequest extends Omit<PrecomputeRequest, "salt" | "nowMs"> {
  /** Default: random. The salt is part of the result and not a secret. */
  readonly salt: string | undefined;
}

/**
 * Computes the results of all flags for one subject, for a client that only looks them up. Throws errors unless it is
 * graceful.
 */
export function precompute(
  { clock, dialect, mistakes, random, store }: PrecomputingParts,
  request: ClientRequest,
  isGraceful: boolean,
): string {
  if (!canPrecompute(dialect)) {
    throw new OptionError("dialect", `"${dialect.name}" has no precomputed configurations`);
  }
  const { subjectKey: key }: { readonly subjectKey: unknown } = request;
  if (key === undefined || key === null || typeof key === "object") {
    const problem = isPromise(key)
      ? "is a promise: await it"
      : typeof key === "object" && key !== null
        ? "is an object: write getPrecomputedConfiguration(subjectKey, attributes, actions)"
        : `is ${key}: pass a string such as user.id`;
    const message = `getPrecomputedConfiguration(): subject key ${problem}`;
    mistakes.report("", "invalid subject", () => ({ message }));
  }
  const nowMs = clock.now();
  try {
    const salt = request.salt ?? createSalt(random);
    return dialect.precompute(store.configuration, { ...request, salt, nowMs });
  } catch (cause) {
    mistakes.count("failed");
    const message = `the subject cannot be precomputed: ${messageOf(cause)}`;
    if (!isGraceful) throw new EvaluationError("SORTITION_EVALUATION", "", message, { cause });
    mistakes.report("", "precomputing failed", () => ({
      message: "the subject cannot be precomputed: no answers returned; see its attributes",
    }));
    const subjectKey = keyName(request.subjectKey);
    const nothing = { subject: {}, banditActions: {}, salt: createSalt(random) };
    return dialect.precompute(null, { subjectKey, ...nothing, nowMs });
  }
}

function canPrecompute(dialect: Dialect): dialect is PrecomputingDialect {
  return "precompute" in dialect && typeof dialect.precompute === "function";
}

function createSalt(random: Random): string {
  let salt = "";
  while (salt.length < SALT_LENGTH) {
    salt += Math.floor(draw(random) * SALT_RADIX).toString(SALT_RADIX);
  }
  return salt;
}
