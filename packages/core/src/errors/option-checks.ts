import { DOCUMENTATION_URL } from "./documentation-url.js";
import { OptionError } from "./errors.js";
import { isPromise } from "./guard.js";
import { nearestName, relatedNames, stemOf } from "./nearest-name.js";

/** Hints for options of a vendor's SDK that this library does not have. */
export interface OptionHints {
  /** The documentation page to read. Empty: none. */
  readonly page: string;
  /** What to use instead, by the name of the option. */
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
  const limit = typeof options === "number" && known.find((it) => /^max$|Ms$/.test(it));
  const form = limit ? `: write { ${limit}: ${options} }` : "";
  requireOptions(options, owner, `${form}${optionList(known)}`);
  for (const { option, hint } of unknownOptions(options, known, hintsOf)) {
    throw new OptionError(
      owner === undefined ? option : `${owner}.${option}`,
      `unknown option${hint}`,
    );
  }
}

/** Returns hints that only have a page, such as `/guides/redis.md`. */
export function explainedOn(page: string): () => OptionHints {
  const hints = hintsOn(page);
  return () => hints;
}

/** Returns the hints of {@link explainedOn} themselves. */
export function hintsOn(page: string): OptionHints {
  return { page: `${DOCUMENTATION_URL}${page}`, names: {} };
}

/** Returns a client's hints as those of a function that creates a dialect, whose options are not the client's. */
export function dialectHints({ names, ...hints }: OptionHints): OptionHints {
  const advice = Object.entries(names).map(([name, it]) => [
    name,
    it.startsWith("use ") ? `in createClient, ${it}` : it,
  ]);
  return { ...hints, names: Object.fromEntries(advice) };
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
  if (isPromise(options)) throw new OptionError(owner, "is a promise: await it");
  if (typeof options === "object" && options !== null) return;
  const form = /^:|^$/.test(advice) ? "" : ": omit it, or write { … }";
  throw new OptionError(owner, `expected an object, got ${show(options)}${form}${advice}`);
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
  const page = (hints?.page ?? "") === "" ? "" : `see ${hints?.page}`;
  const withPage = (advice: string): string => [advice, page].filter((it) => it !== "").join(", ");
  if (hints !== undefined && Object.hasOwn(hints.names, option)) {
    return { nearest: null, hint: `; ${withPage(hints.names[option] as string)}` };
  }
  const same = known.find((it) => stemOf(it) === stemOf(option));
  if (same?.endsWith("Ms") && !option.endsWith("Ms")) {
    return { nearest: same, hint: `; ${withPage(`use ${same}, in milliseconds`)}` };
  }
  const nearest = same ?? nearestName(option, known, Math.floor(option.length / 3));
  if (nearest !== null) return { nearest, hint: `, did you mean ${nearest}?` };
  const listed = optionList(known);
  const related = relatedNames(option, known);
  if (related.length === 1 || (related.length > 0 && listed === "")) {
    return { nearest, hint: `, did you mean ${related.join(" or ")}?` };
  }
  const advice = withPage(listed.slice("; ".length));
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
    const { max, min } = bounds;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `in ${min}…${max}`;
    const advice = numberAdvice(name, value, min, fallback);
    throw new OptionError(name, `expected an integer ${range}, got ${show(value)}${advice}`);
  }
  return value;
}

/** @param fallback - the default, which is the example. */
function numberAdvice(name: string, value: unknown, min: number, fallback: unknown): string {
  const isMs = /Ms$/.test(name);
  if (typeof value !== "number") {
    const isNumeric = typeof value === "string" && Number.isFinite(Number(value));
    if (isNumeric) return ": convert it with Number(…)";
    if (/bytes/i.test(name)) return ": write the number of bytes, such as 10 * 1_024 * 1_024";
    if (isMs) return ": write milliseconds: 30 s is 30_000";
    return `: write a number, such as ${typeof fallback === "number" ? fallback : min}`;
  }
  const isSeconds = isMs && value > 0 && value < min;
  return isSeconds ? "; it is in milliseconds: 30 s is 30_000" : "";
}

/** Returns the continuation of a message about a share, which may have been given as a percentage. */
export function shareAdvice(value: unknown): string {
  const isPercentage = typeof value === "number" && value > 1 && value <= 100;
  return isPercentage ? `: ${value}% is ${value / 100}` : "";
}

/** The longest delay of a host's timer. With a longer delay, a timer would fire immediately. */
export const MAX_DELAY_MS: number = 2 ** 31 - 1;

/** Checks a boolean. Returns the fallback if it is absent. */
export function booleanOption(name: string, value: unknown, fallback: boolean): boolean {
  if (value === undefined) return fallback;
  if (typeof value === "boolean") return value;
  // Environment variables are strings.
  const advice =
    typeof value === "string" ? ': compare it, as in value === "true"' : ": write true or false";
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
    const [example, got] = [advice, `, got ${show(value)}`];
    const parts = example.startsWith(",") ? [example, got] : [got, example];
    throw new OptionError(name, `expected an object${parts.join("")}`);
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
 * Returns a string. Throws if it is another value, blank or absent.
 *
 * @param problem - text of the error. It must not contain the value, which may be a secret.
 */
export function requireString(name: string, value: unknown, problem: string): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  const form = typeof value === "number" ? ": write it in quotes" : "";
  const isBlank = typeof value === "string" || value === undefined || value === null;
  throw new OptionError(name, isBlank ? problem : `expected a string, got ${typeof value}${form}`);
}

/**
 * Throws if a value is not a function. `undefined` is accepted.
 *
 * @param advice - the continuation of the message.
 */
export function requireFunction(name: string, value: unknown, advice = ""): void {
  if (value === undefined || typeof value === "function") return;
  const form = advice === "" ? ": write (…) => …" : advice;
  throw new OptionError(name, `expected a function, got ${show(value)}${form}`);
}

/** Formats a value for an error message. Numbers, booleans and `null` are shown, otherwise only the type. */
export function show(value: unknown): string {
  if (typeof value === "number" || typeof value === "boolean" || value === null) return `${value}`;
  return typeof value;
}
