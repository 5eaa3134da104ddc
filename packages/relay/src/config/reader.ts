import { isJsonObject } from "@sortition/core/dialect";
import { OptionError, unknownOptions } from "@sortition/core/internal";
import { placeOf } from "./misplaced.js";
import type { Reading } from "./reading.js";

export type Members = Readonly<Record<string, unknown>>;

/**
 * Checks one member of a configuration and converts it.
 *
 * @param path - of the member, for messages.
 * @param value - `undefined` if the member is absent.
 * @throws OptionError that names the path.
 */
export type Reader<T> = (path: string, value: unknown, reading: Reading) => T;

/** Readers of all members that an object may have, by their names. */
export type Readers<T> = { readonly [Name in keyof T]: Reader<T[Name]> };

/** Reads an object: unknown members are refused, and the others read in the order of the table. */
export function readMembers<T extends object>(
  readers: Readers<T>,
  path: string,
  value: unknown,
  reading: Reading,
): T {
  const members = readObject(path === "" ? "configuration" : path, value);
  const pathOf = (name: string): string => (path === "" ? name : `${path}.${name}`);
  const read: Record<string, unknown> = {};
  reading.tryAll(
    ...unknownOptions(members, Object.keys(readers)).map(({ hint, option }) => () => {
      const place = placeOf(option, path);
      const advice = place === null ? hint : `; it belongs in ${place}`;
      throw new OptionError(pathOf(option), `unknown option${advice}`);
    }),
    ...Object.entries<Reader<unknown>>(readers).map(([name, reader]) => () => {
      read[name] = reader(pathOf(name), members[name], reading);
    }),
  );
  return read as T; // one member for each reader
}

/** A member that may be absent. */
export function optional<T, D>(read: Reader<T>, absent: D): Reader<T | D> {
  return (path, value, reading) => (value === undefined ? absent : read(path, value, reading));
}

/** A list; empty if it is absent. */
export function listOf<T>(read: Reader<T>): Reader<readonly T[]> {
  return (path, value = [], reading) => {
    if (!Array.isArray(value)) throw new OptionError(path, "expected a list");
    const items: T[] = [];
    reading.tryAll(
      ...value.map((it, index) => () => {
        items.push(read(`${path}[${index}]`, it, reading));
      }),
    );
    return items;
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
