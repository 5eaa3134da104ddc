import { OptionError, SortitionError } from "@sortition/core/internal";

/**
 * Runs a function of another package; an option that it refuses is named by its path in the relay's configuration.
 *
 * @param path - of the object that has the function's options.
 * @throws OptionError, and whatever else the function throws.
 */
export function withOptionPath<Result>(path: string, make: () => Result): Result {
  try {
    return make();
  } catch (error) {
    if (!SortitionError.is(error) || error.code !== "SORTITION_OPTION") throw error;
    const { message, option } = error as OptionError; // the code says so
    const problem = message.slice(`${option}: `.length);
    // Some packages put the name of the object before the option.
    const owner = option.slice(0, option.indexOf(".") + 1);
    const own = OWNERS.includes(owner) ? option.slice(owner.length) : option;
    throw new OptionError(`${path}.${own}`, problem);
  }
}

const OWNERS: readonly string[] = ["amplitude.", "diskCache.", "eppo.", "growthbook.", "posthog."];
