import { DOCUMENTATION_URL } from "./documentation-url.js";
import { OptionError } from "./errors.js";
import { isPromise } from "./guard.js";
import {
  booleanOption,
  integerOption,
  type OptionHints,
  optionList,
  requireFunction,
  requireMethods,
  requireOptions,
  requireString,
  show,
  unknownOptions,
} from "./option-checks.js";

/**
 * Checks the value of an option, and returns it or its default.
 *
 * @param path - for messages: `dedupe.ttlMs`.
 * @param value - `undefined`: the option is absent.
 * @throws OptionError
 */
export type Reader<T> = (path: string, value: unknown) => T;

/**
 * A reader for each option of an interface. Write a table as `() => ({ … }) satisfies Readers<Options>`, so that a missing
 * reader is a type error. It is a function, because bundlers would keep the calls in a constant, such as
 * `integer(1, 10, 5)`, even if nobody imports them.
 */
export type Readers<Options> = { readonly [Name in keyof Options]-?: Reader<unknown> };

/** Readers that return these values, for a table that several interfaces share. */
export type ReadersOf<Values> = { readonly [Name in keyof Values]: Reader<Values[Name]> };

/** The options as a table of readers returns them. */
export type Read<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Reader<infer T> ? T : never;
};

/**
 * Reads options with a table of readers. Unknown options and bad values are reported together. A message ends with the page
 * that explains the option, if there are hints.
 *
 * @param owner - the option that contains these options. Absent: they are top-level options.
 * @throws OptionError for the first problem, whose message also has those of the others, each on a line.
 */
export function readOptions<Table extends Readers<unknown>>(
  readers: Table,
  options: object,
  owner?: string,
  hintsOf?: (name: string) => OptionHints | undefined,
): Read<Table> {
  const pathOf = (name: string): string => (owner === undefined ? name : `${owner}.${name}`);
  const names = Object.keys(readers);
  const listed = optionList(names);
  if (typeof options !== "object" || options === null || isPromise(options)) {
    requireOptions(options, owner, `${formOf(readers, options)}${listed}`);
  }
  const given = options as Readonly<Record<string, unknown>>;
  const unknown = unknownOptions(options, names, hintsOf);
  const problems = unknown.map(
    ({ hint, option }) => new OptionError(pathOf(option), `unknown option${hint}`),
  );
  /** Whether the hint of an unknown option says to write this one. A list of all options does not. */
  const isHinted = (name: string): boolean =>
    unknown.some(
      ({ hint }) =>
        (listed === "" || !hint.startsWith(listed)) && new RegExp(`\\b${name}\\b`).test(hint),
    );
  const read: Record<string, unknown> = {};
  for (const [name, reader] of Object.entries<Reader<unknown>>(readers)) {
    try {
      read[name] = reader(pathOf(name), given[name]);
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      if (given[name] === undefined && isHinted(name)) continue;
      const isLate = isPromise(given[name]);
      const problem = isLate ? new OptionError(error.option, "is a promise: await it") : error;
      problems.push(withPage(problem, hintsOf?.(name)));
    }
  }
  const [first, ...others] = problems;
  if (first === undefined) return read as Read<Table>; // one member for each reader
  throw new OptionError(first.option, first.problem, [...first.others, ...others]);
}

/**
 * Describes what to write instead of a value that is not an object of options: the options that are required, or else the one
 * that accepts a number.
 */
function formOf(readers: Readers<unknown>, value: unknown): string {
  const rejects = (name: string, other: unknown): boolean => {
    try {
      (readers as Readonly<Record<string, Reader<unknown>>>)[name]?.(name, other);
      return false;
    } catch {
      return true;
    }
  };
  const names = Object.keys(readers);
  const required = names.filter((name) => rejects(name, undefined));
  if (required.length > 0) return `: write { ${required.join(", ")} }`;
  if (typeof value !== "number") return "";
  // A reader that accepts anything says nothing about the value.
  const isFor = (name: string): boolean => !rejects(name, value) && rejects(name, Symbol("any"));
  const forms = names.filter(isFor).map((name) => `{ ${name}: ${value} }`);
  return forms.length === 0 || forms.length > 2 ? "" : `: write ${forms.join(" or ")}`;
}

/** Adds the page to the first problem of a bad value. */
function withPage(error: OptionError, hints: OptionHints | undefined): OptionError {
  if (hints === undefined) return error;
  // A reader of several options may have added its own page.
  if (error.problem.includes(DOCUMENTATION_URL)) return error;
  const see = error.problem.endsWith("?") ? " See" : ", see";
  return new OptionError(error.option, `${error.problem}${see} ${hints.page}`, error.others);
}

/** Reads an integer within inclusive bounds. */
export function integer<Fallback>(
  min: number,
  max: number,
  fallback: Fallback,
): Reader<number | Fallback> {
  return (path, value) => integerOption(path, value, { min, max }, fallback);
}

export function boolean(fallback: boolean): Reader<boolean> {
  return (path, value) => booleanOption(path, value, fallback);
}

/** Reads one of the given strings. */
export function oneOf<Name extends string>(names: readonly Name[], fallback: Name): Reader<Name> {
  return (path, value = fallback) => {
    const known = names.find((it) => it === value);
    if (known !== undefined) return known;
    const quoted = names.map((it) => `"${it}"`);
    throw new OptionError(path, `expected ${quoted.join(" or ")}, got ${show(value)}`);
  };
}

/** Reads a string that is not blank. */
export function string<Fallback>(fallback: Fallback): Reader<string | Fallback> {
  return (path, value) => {
    if (value === undefined) return fallback;
    return requireString(path, value, "expected a non-empty string");
  };
}

/** Reads the address of a server. Vendors' libraries fail later if it lacks its scheme. */
export function address<Fallback>(required: Reader<string | Fallback>): Reader<string | Fallback> {
  return (path, value) => {
    const read = required(path, value);
    if (typeof read !== "string" || /^https?:\/\//i.test(read)) return read;
    throw new OptionError(path, "is not a URL: write it with https://");
  };
}

/**
 * Reads an object with the given methods. Its other members are not checked.
 *
 * @param example - an expression, for messages.
 */
export function withMethods<T>(
  example: string,
  ...methods: readonly string[]
): Reader<T | undefined> {
  return (path, value) => {
    requireMethods(path, value, methods, `, such as ${example}`);
    return value as T | undefined;
  };
}

/** @param advice - the continuation of the message. */
export function callback<T>(advice = ""): Reader<T | undefined> {
  return (path, value) => {
    requireFunction(path, value, advice);
    return value as T | undefined;
  };
}

/** Accepts any value, for an option that is checked elsewhere. */
export function unchecked<T>(): Reader<T> {
  return (_path, value) => value as T;
}
