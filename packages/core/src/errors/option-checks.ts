import { DOCUMENTATION_URL } from "./documentation-url.js";
import { OptionError } from "./errors.js";
import { foreignAdvice } from "./foreign-options.js";
import { isPromise } from "./guard.js";
import { nearestName } from "./nearest-name.js";

/** Hints for options of a vendor's SDK that this library does not have. */
export interface OptionHints {
  /** The documentation page to read. */
  readonly page: string;
  /** What to use instead, by the name of the option. It takes precedence over the names that mean the same everywhere. */
  readonly names: Readonly<Record<string, string>>;
}

/**
 * Throws for an unknown option. The message contains its hint, suggests a similar known name, or lists a few options.
 *
 * @param owner - the option that contains these options. Absent: they are top-level options.
 * @param hintsOf - returns the hints that may have one for a name.
 */
export function rejectUnknownOptions(
  options: object,
  known: readonly string[],
  owner?: string,
  hintsOf: (name: string) => OptionHints | undefined = () => undefined,
): void {
  requireOptions(options, owner, optionList(known));
  for (const { option, hint } of unknownOptions(options, known, hintsOf)) {
    throw new OptionError(
      owner === undefined ? option : `${owner}.${option}`,
      `unknown option${hint}`,
    );
  }
}

/** Returns hints that only have a page, such as `/guides/redis.md`. */
export function explainedOn(page: string): () => OptionHints {
  const hints = { page: `${DOCUMENTATION_URL}${page}`, names: {} };
  return () => hints;
}

/** Longer lists are read on a page. */
const MAX_LISTED = 12;

/** Returns the continuation of a message that lists a few options. Empty for none or many. */
export function optionList(names: readonly string[]): string {
  const isShort = names.length > 0 && names.length <= MAX_LISTED;
  return isShort ? `; the options are ${names.join(", ")}` : "";
}

/**
 * Throws if the options, which JavaScript may pass, are not an object.
 *
 * @param advice - the continuation of the message.
 */
export function requireOptions(options: unknown, owner = "options", advice = ""): void {
  if (typeof options === "object" && options !== null) return;
  throw new OptionError(owner, `expected an object, got ${show(options)}${advice}`);
}

/** An unknown option. */
export interface UnknownOption {
  readonly option: string;
  /** A known name that differs by at most a third of the length, if there is no hint for the option. */
  readonly nearest: string | null;
  /** The continuation of the sentence "unknown option": a hint, the nearest name or a list of a few names. Empty if there is none. */
  readonly hint: string;
}

/**
 * Returns the unknown options that are set, in order, for drop-ins, which report options that the vendor's SDK ignores
 * instead of rejecting them.
 *
 * @param hintsOf - returns the hints that may have one for a name.
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

/** Returns the {@link UnknownOption.hint} of an option. */
export function hintFor(option: string, known: Iterable<string>, hints?: OptionHints): string {
  return adviceFor(option, [...known], hints).hint;
}

function adviceFor(
  option: string,
  known: readonly string[],
  hints: OptionHints | undefined,
): Omit<UnknownOption, "option"> {
  const page = hints === undefined ? "" : `see ${hints.page}`;
  const withPage = (advice: string): string => [advice, page].filter((it) => it !== "").join(", ");
  if (hints !== undefined && Object.hasOwn(hints.names, option)) {
    return { nearest: null, hint: `; ${withPage(hints.names[option] as string)}` };
  }
  const nearest = nearestName(option, known, Math.floor(option.length / 3));
  if (nearest !== null) return { nearest, hint: `, did you mean ${nearest}?` };
  const foreign = foreignAdvice(option, known);
  const advice = withPage(foreign ?? optionList(known).slice("; ".length));
  return { nearest, hint: advice === "" ? "" : `; ${advice}` };
}

/** Checks an integer within inclusive bounds. Returns the fallback if it is absent. */
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
      `expected an integer in ${bounds.min}…${bounds.max}, got ${show(value)}${numberAdvice(name, value, bounds.min)}`,
    );
  }
  return value;
}

function numberAdvice(name: string, value: unknown, min: number): string {
  if (typeof value === "string") {
    if (Number.isFinite(Number(value))) return ": convert it with Number(…)";
    if (/bytes/i.test(name)) return ": write the number of bytes, such as 10 * 1_024 * 1_024";
    return /Ms$/.test(name) ? ": write milliseconds: 30 s is 30_000" : "";
  }
  const isSeconds = /Ms$/.test(name) && typeof value === "number" && value > 0 && value < min;
  return isSeconds ? "; it is in milliseconds: 30 s is 30_000" : "";
}

/** The longest delay of a host's timer. With a longer delay, a timer would fire immediately. */
export const MAX_DELAY_MS: number = 2 ** 31 - 1;

/** Checks a boolean. Returns the fallback if it is absent. */
export function booleanOption(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value === "boolean") return value;
  // Environment variables are strings.
  const advice = typeof value === "string" ? ': compare it, as in value === "true"' : "";
  throw new OptionError(name, `expected a boolean, got ${show(value)}${advice}`);
}

/**
 * Throws if a value lacks one of the methods, which may be inherited. Absent values are accepted.
 *
 * @param advice - the continuation of the message.
 */
export function requireMethods(
  name: string,
  value: unknown,
  methods: readonly string[],
  advice = "",
): void {
  if (value === undefined) return;
  if ((typeof value !== "object" && typeof value !== "function") || value === null) {
    throw new OptionError(name, `expected an object, got ${show(value)}${advice}`);
  }
  for (const method of methods) {
    // The type of the caller's object is unknown, so methods are looked up by name.
    if (typeof (value as Record<string, unknown>)[method] === "function") continue;
    const problem = isPromise(value)
      ? "is a promise: await it"
      : `expected an object with a function ${method}${advice}`;
    throw new OptionError(name, problem);
  }
}

/**
 * Throws if a value is not a string, or is blank or absent.
 *
 * @param problem - text of the error. It must not contain the value, which may be a secret.
 */
export function requireString(name: string, value: unknown, problem: string): void {
  if (typeof value === "string" && value.trim() !== "") return;
  throw new OptionError(name, problem);
}

/**
 * Throws if a value is not a function. `undefined` is accepted.
 *
 * @param advice - the continuation of the message.
 */
export function requireFunction(name: string, value: unknown, advice = ""): void {
  if (value === undefined || typeof value === "function") return;
  throw new OptionError(name, `expected a function, got ${show(value)}${advice}`);
}

/** Formats a value for an error message. Numbers, booleans and `null` are shown, otherwise only the type. */
function show(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return `${value}`;
  return typeof value;
}
