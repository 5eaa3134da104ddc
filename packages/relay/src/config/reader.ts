import { isJsonObject } from "@sortition/core/dialect";
import { OptionError, rejectUnknownOptions } from "@sortition/core/internal";
import type { Variables } from "./secret.js";

export type Members = Readonly<Record<string, unknown>>;

/**
 * Checks one member of a configuration and converts it.
 *
 * @param path - of the member, for messages.
 * @param value - `undefined` if the member is absent.
 * @throws OptionError that names the path.
 */
export type Reader<T> = (path: string, value: unknown, variables: Variables) => T;

/** Readers of all members that an object may have, by their names. */
export type Readers<T> = { readonly [Name in keyof T]: Reader<T[Name]> };

/** Reads an object: unknown members are refused, and the others read in the order of the table. */
export function readMembers<T extends object>(
  readers: Readers<T>,
  path: string,
  value: unknown,
  variables: Variables,
): T {
  const members = readObject(path === "" ? "configuration" : path, value);
  rejectUnknownOptions(members, Object.keys(readers), ...(path === "" ? [] : [path]));
  const read = Object.entries<Reader<unknown>>(readers).map(([name, reader]) => {
    const place = path === "" ? name : `${path}.${name}`;
    return [name, reader(place, members[name], variables)];
  });
  return Object.fromEntries(read) as T; // one member for each reader
}

/** A member that may be absent. */
export function optional<T, D>(read: Reader<T>, absent: D): Reader<T | D> {
  return (path, value, variables) => (value === undefined ? absent : read(path, value, variables));
}

/** A list; empty if it is absent. */
export function listOf<T>(read: Reader<T>): Reader<readonly T[]> {
  return (path, value = [], variables) => {
    if (!Array.isArray(value)) throw new OptionError(path, "expected a list");
    return value.map((it, index) => read(`${path}[${index}]`, it, variables));
  };
}

/** One of a few strings. */
export function oneOf<Name extends string>(names: readonly Name[]): Reader<Name> {
  return (path, value) => {
    const known = names.find((it) => it === value);
    if (known !== undefined) return known;
    throw new OptionError(path, `expected one of ${names.join(", ")}`);
  };
}

/** @param expected - what a string must be, for the message. */
export function stringThat(
  isRight: (text: string) => boolean,
  expected = "expected a string",
): Reader<string> {
  return (path, value) => {
    if (typeof value === "string" && isRight(value)) return value;
    throw new OptionError(path, expected);
  };
}

export const readString: Reader<string> = stringThat(() => true);

export function readObject(path: string, value: unknown): Members {
  if (isJsonObject(value)) return value;
  throw new OptionError(path, "expected an object");
}

/** @throws OptionError that names the first item whose name another item before it has. */
export function rejectEqualNames(path: string, all: readonly { readonly name: string }[]): void {
  const names = all.map(({ name }) => name);
  const index = names.findIndex((name, at) => names.indexOf(name) < at);
  if (index < 0) return;
  throw new OptionError(`${path}[${index}].name`, `${names[index]} is the name of another one`);
}
