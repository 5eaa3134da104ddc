import { type Client, EvaluationError } from "@sortition/core";
import type { EvaluationDetails } from "@sortition/core/eppo";

type Native = Client<EvaluationDetails>;

/**
 * Returns a client in strict mode, whose getters throw the vendor's `TypeError` for a flag of
 * another type.
 *
 * @param expectedType - see `clientFor`.
 */
export function throwingTypeErrors(
  client: Native,
  flagKey: string,
  expectedType: string | undefined,
): Native {
  return new Proxy(client, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== "function") return method;
      return (...given: unknown[]): unknown => {
        try {
          return method.apply(target, given);
        } catch (error) {
          throw isOfOtherType(error) ? typeError(error, flagKey, expectedType) : error;
        }
      };
    },
  });
}

function isOfOtherType(error: unknown): error is EvaluationError {
  return error instanceof EvaluationError && error.code === "SORTITION_TYPE_MISMATCH";
}

/** Builds the vendor's error. The cause's message contains the types in lower case. */
function typeError(
  cause: EvaluationError,
  flagKey: string,
  expectedType: string | undefined,
): TypeError {
  const [, found = "", expected = ""] = / of type (\w+), not (\w+)$/.exec(cause.message) ?? [];
  const types = `Found ${found.toUpperCase()}, but expected ${expectedType ?? expected.toUpperCase()}`;
  const message = `Variation value does not have the correct type. ${types} for flag ${flagKey}`;
  return new TypeError(message, { cause });
}
