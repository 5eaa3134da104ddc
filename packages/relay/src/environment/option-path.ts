import { OptionError, SortitionError } from "@sortition/core/internal";
import { ConfigProblems } from "../config/reading.js";

type Options = Readonly<Record<string, unknown>>;

/**
 * Runs a function of another package. Options that it refuses are named by their paths in the relay's configuration.
 *
 * @param pathOf - place of an option in the configuration.
 * @throws OptionError for one refused option, ConfigProblems for several, and whatever else the function throws.
 */
export function withOptionPath<Result>(
  pathOf: (option: string) => string,
  options: Options,
  make: (options: Options) => Result,
): Result {
  const problems: OptionError[] = [];
  const accepted: Record<string, unknown> = { ...options };
  for (;;) {
    try {
      const result = make(accepted);
      if (problems.length === 0) return result;
      break;
    } catch (error) {
      if (!SortitionError.is(error) || error.code !== "SORTITION_OPTION") throw error;
      const { message, option } = error as OptionError; // the code says so
      const problem = message.slice(`${option}: `.length);
      // Some packages put the name of the object before the option.
      const owner = option.slice(0, option.indexOf(".") + 1);
      const own = OWNERS.includes(owner) ? option.slice(owner.length) : option;
      // An option that was taken out may be required.
      if (problems.length === 0 || Object.hasOwn(accepted, nameIn(own))) {
        problems.push(new OptionError(pathOf(own), problem));
      }
      // The function reports one option at a time: without this one it may report another.
      if (!Object.hasOwn(accepted, nameIn(own))) break;
      delete accepted[nameIn(own)];
    }
  }
  const [first] = problems;
  throw problems.length === 1 && first !== undefined ? first : new ConfigProblems(problems);
}

/** Places of the members of one object. */
export function within(path: string): (option: string) => string {
  return (option) => `${path}.${option}`;
}

/** The member that a path such as `cohortSync.apiKey` or `headers[0]` begins with. */
function nameIn(option: string): string {
  return /^[^.[]*/.exec(option)?.[0] ?? option;
}

const OWNERS: readonly string[] = [
  "amplitude.",
  "datadog.",
  "diskCache.",
  "eppo.",
  "growthbook.",
  "posthog.",
];
