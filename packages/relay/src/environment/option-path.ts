import { OptionError, SortitionError } from "@sortition/core/internal";
import { DIALECT_NAMES } from "../config/config.js";
import { misplacedAdvice } from "../config/misplaced.js";
import { ConfigProblems } from "../config/reading.js";

type Options = Readonly<Record<string, unknown>>;

/**
 * Calls a function of another package. Its errors name the options by their paths in the relay's configuration.
 *
 * @param pathOf - returns the path of an option in the configuration.
 * @throws OptionError for one rejected option, ConfigProblems for several, and any other error of the function.
 */
export function withOptionPath<Result>(
  pathOf: (option: string) => string,
  options: Options,
  make: (options: Options) => Result,
): Result {
  const problems: OptionError[] = [];
  const accepted: Record<string, unknown> = { ...options };
  const reported = new Set<string>();
  for (;;) {
    try {
      const result = make(accepted);
      if (problems.length === 0) return result;
      break;
    } catch (error) {
      if (!SortitionError.is(error) || error.code !== "SORTITION_OPTION") throw error;
      const size = Object.keys(accepted).length;
      const known = new Set(reported);
      for (const { option, problem } of problemsOf(error as OptionError)) {
        // Some packages prefix the option with the name of its object.
        const owner = option.slice(0, option.indexOf(".") + 1);
        const own = OWNERS.includes(owner) ? option.slice(owner.length) : option;
        const name = nameIn(own);
        // A required option is missing again after it was removed below, or because its name is misspelled.
        const isKnown = known.has(name) || problems.some((it) => it.message.endsWith(` ${name}?`));
        if (!isKnown) problems.push(placed(pathOf(own), problem));
        reported.add(name);
        delete accepted[name];
      }
      // Some checks report one option at a time, so the function is called again without these.
      if (Object.keys(accepted).length === size) break;
    }
  }
  const [first] = problems;
  throw problems.length === 1 && first !== undefined ? first : new ConfigProblems(problems);
}

function problemsOf(error: OptionError): readonly OptionError[] {
  return [error, ...error.others.flatMap(problemsOf)];
}

/** Adds where an unknown option belongs in the relay's configuration, unless another option is meant. */
function placed(path: string, problem: string): OptionError {
  const [, unknown, others = ""] = /^(unknown option)(.*)$/s.exec(problem) ?? [];
  const [, object, name] = /^(.*)\.([^.]+)$/.exec(path) ?? [];
  const isMeant = /^; (use|write|not) /.test(others);
  if (unknown === undefined || object === undefined || name === undefined || isMeant) {
    return new OptionError(path, problem);
  }
  return new OptionError(path, `${unknown}${misplacedAdvice(name, object, others)}`);
}

/** Returns the paths of the members of one object. */
export function within(path: string): (option: string) => string {
  return (option) => `${path}.${option}`;
}

/** Returns the first member of a path such as `cohortSync.apiKey` or `headers[0]`. */
function nameIn(option: string): string {
  return /^[^.[]*/.exec(option)?.[0] ?? option;
}

const OWNERS = [...DIALECT_NAMES, "diskCache"].map((name) => `${name}.`);
