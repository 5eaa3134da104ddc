import { OptionError } from "./errors.js";
import { nearestName } from "./nearest-name.js";

/** What to say of options that a vendor's SDK has and this library has not. */
export interface OptionHints {
  /** The page to read. */
  readonly page: string;
  /** What takes the place of each option, by its name. */
  readonly names: Readonly<Record<string, string>>;
}

/**
 * Throws for an unknown option. Says what its hint says, or suggests a known name that is near.
 *
 * @param owner - the option that contains these; absent: the options themselves.
 * @param hintsOf - hints that may have one for a name.
 */
export function rejectUnknownOptions(
  options: object,
  known: readonly string[],
  owner?: string,
  hintsOf: (name: string) => OptionHints | undefined = () => undefined,
): void {
  if (typeof options !== "object" || options === null) {
    throw new OptionError(owner ?? "options", `expected an object, got ${show(options)}`);
  }
  for (const { option, hint } of unknownOptions(options, known, hintsOf)) {
    throw new OptionError(
      owner === undefined ? option : `${owner}.${option}`,
      `unknown option${hint}`,
    );
  }
}

/** An option that its owner does not know. */
export interface UnknownOption {
  readonly option: string;
  /** A known name within a third of the length, if no hint has the option. */
  readonly nearest: string | null;
  /** What follows "unknown option" in a sentence: that of a hint, or the nearest name. Empty without either. */
  readonly hint: string;
}

/**
 * The options that are set but unknown, in their order. What a vendor's SDK ignores is reported, and not refused.
 *
 * @param hintsOf - hints that may have one for a name.
 */
export function unknownOptions(
  options: object,
  known: readonly string[],
  hintsOf: (name: string) => OptionHints | undefined = () => undefined,
): readonly UnknownOption[] {
  const unknown: UnknownOption[] = [];
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined || known.includes(option)) continue;
    unknown.push({ option, ...adviceFor(option, known, hintsOf(option)) });
  }
  return unknown;
}

/** What {@link UnknownOption.hint} says of an option. */
export function hintFor(option: string, known: Iterable<string>, hints?: OptionHints): string {
  return adviceFor(option, known, hints).hint;
}

function adviceFor(
  option: string,
  known: Iterable<string>,
  hints: OptionHints | undefined,
): Omit<UnknownOption, "option"> {
  if (hints !== undefined && Object.hasOwn(hints.names, option)) {
    return { nearest: null, hint: `; ${hints.names[option]}, see ${hints.page}` };
  }
  const nearest = nearestName(option, known, Math.floor(option.length / 3));
  return { nearest, hint: nearest === null ? "" : `, did you mean ${nearest}?` };
}

/** An integer within bounds (both included), or the fallback if it is absent. */
export function integerOption<Fallback>(
  name: string,
  value: unknown,
  bounds: { readonly min: number; readonly max: number },
  fallback: Fallback,
): number | Fallback {
  if (value === undefined) return fallback;
  if (
    typeof value !== "number" ||
    !Number.isInteger(value) ||
    value < bounds.min ||
    value > bounds.max
  ) {
    throw new OptionError(
      name,
      `expected an integer in ${bounds.min}…${bounds.max}, got ${show(value)}`,
    );
  }
  return value;
}

/** Bounds of an integer option, both included, and what it is if it is absent. */
export type IntegerRule = readonly [min: number, max: number, fallback: number];

/**
 * Several integer options, each by its rule.
 *
 * @param path - of the object that has them, in errors: `dedupe.ttlMs`.
 * @throws OptionError that names the first one which its rule refuses.
 */
export function integerOptions<Name extends string>(
  options: { readonly [Option in NoInfer<Name>]?: unknown },
  rules: Readonly<Record<Name, IntegerRule>>,
  path?: string,
): Record<Name, number> {
  const values: Partial<Record<Name, number>> = {};
  for (const option of Object.keys(rules) as Name[]) {
    const [min, max, fallback] = rules[option];
    const name = path === undefined ? option : `${path}.${option}`;
    values[option] = integerOption(name, options[option], { min, max }, fallback);
  }
  return values as Record<Name, number>; // each rule has made one
}

/** The longest delay of a host's timer; beyond it a timer would fire at once. */
export const MAX_DELAY_MS: number = 2 ** 31 - 1;

/** Milliseconds for a timer, 1 or more, or the fallback if they are absent. */
export function delayOption<Fallback>(
  name: string,
  value: unknown,
  fallback: Fallback,
): number | Fallback {
  return integerOption(name, value, { min: 1, max: MAX_DELAY_MS }, fallback);
}

/** A boolean, or the fallback if it is absent. */
export function booleanOption(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value !== "boolean")
    throw new OptionError(name, `expected a boolean, got ${show(value)}`);
  return value;
}

/** Throws if a value lacks one of the methods, own or inherited. Absent values are accepted. */
export function requireMethods(name: string, value: unknown, methods: readonly string[]): void {
  if (value === undefined) return;
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    throw new OptionError(name, `expected an object, got ${show(value)}`);
  }
  for (const method of methods) {
    // An object of the caller: methods can only be looked up by name.
    if (typeof (value as Record<string, unknown>)[method] !== "function") {
      throw new OptionError(name, `expected an object with a function ${method}`);
    }
  }
}

/**
 * Throws if a value is not a string, or blank. Absent values are not accepted.
 *
 * @param problem - text of the error, which must not contain the value: it may be a secret.
 */
export function requireString(name: string, value: unknown, problem: string): void {
  if (typeof value === "string" && value.trim() !== "") return;
  throw new OptionError(name, problem);
}

/** Throws if a value is not a function. Absent values are accepted. */
export function requireFunction(name: string, value: unknown): void {
  if (value === undefined || typeof value === "function") return;
  throw new OptionError(name, `expected a function, got ${show(value)}`);
}

/** A value in an error message: numbers and booleans as they are, otherwise the type. */
function show(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return `${value}`;
  return typeof value;
}
