import { isJsonObject } from "@sortition/core/dialect";
import {
  booleanOption,
  nearestName,
  OptionError,
  optionList,
  unknownOptions,
} from "@sortition/core/internal";
import { misplacedAdvice } from "./misplaced.js";
import type { Reading } from "./reading.js";

export type Members = Readonly<Record<string, unknown>>;

/**
 * Checks one member of a configuration and converts it.
 *
 * @param path - path of the member, for messages.
 * @param value - `undefined` if the member is absent.
 * @throws OptionError that names the path.
 */
export type Reader<T> = (path: string, value: unknown, reading: Reading) => T;

/** Readers of all members that an object may have, by their names. */
export type Readers<T> = { readonly [Name in keyof T]: Reader<T[Name]> };

/** A rule that involves several members. It is checked only if all of them are valid. */
export interface Rule<T> {
  readonly members: readonly (keyof T)[];
  /** @throws OptionError */
  check(path: string, members: T): void;
}

export interface MemberRules<T> {
  readonly rules?: readonly Rule<T>[];
  /** The object, for the message about another value. */
  readonly example?: string;
  /** Called with the valid members, before the problems of the others are thrown. */
  onRead?(members: Partial<T>): void;
}

/** Reads an object. Unknown members are rejected. The others are read in the order of `readers`. */
export function readMembers<T extends object>(
  readers: Readers<T>,
  path: string,
  value: unknown,
  reading: Reading,
  { example, onRead, rules = [] }: MemberRules<T> = {},
): T {
  const names = Object.keys(readers);
  const advice = example === undefined ? optionList(names) : `: write ${example}`;
  const members = readObject(path === "" ? "configuration" : path, value, advice);
  const pathOf = (name: string): string => (path === "" ? name : `${path}.${name}`);
  const read: Record<string, unknown> = {};
  reading.tryAll(
    ...unknownOptions(members, names).map(({ hint, option }) => () => {
      // The name of another object's member may be the usual name of a member of this object.
      const isOwn = hint.startsWith("; use ") || hint.startsWith("; write ");
      const advice = isOwn ? hint : misplacedAdvice(option, path, hint);
      throw new OptionError(pathOf(option), `unknown option${advice}`);
    }),
    ...Object.entries<Reader<unknown>>(readers).map(([name, reader]) => () => {
      read[name] = reader(pathOf(name), members[name], reading);
    }),
    ...rules.map((rule) => () => {
      if (rule.members.every((name) => Object.hasOwn(read, name))) rule.check(path, read as T);
    }),
    () => onRead?.(read as Partial<T>),
  );
  return read as T; // one member for each reader
}

/** Reads a member that may be absent. */
export function optional<T, D>(read: Reader<T>, absent: D): Reader<T | D> {
  return (path, value, reading) => (value === undefined ? absent : read(path, value, reading));
}

/**
 * Reads a list, which is empty if the member is absent.
 *
 * @param example - an item, for messages.
 */
export function listOf<T>(read: Reader<T>, example: string): Reader<readonly T[]> {
  return (path, value = [], reading) => {
    if (!Array.isArray(value)) throw new OptionError(path, `expected a list: write [${example}]`);
    const items: T[] = [];
    reading.tryAll(
      ...value.map((it, index) => () => {
        items.push(read(`${path}[${index}]`, it, reading));
      }),
    );
    return items;
  };
}

/** Reads a boolean of JSON. */
export function readBoolean(path: string, value: unknown): boolean {
  if (typeof value === "string") {
    throw new OptionError(
      path,
      "expected a boolean, got a string: write true or false without quotes",
    );
  }
  return booleanOption(path, value, false);
}

/** Reads one of the given strings. */
export function oneOf<Name extends string>(names: readonly Name[]): Reader<Name> {
  return (path, value) => {
    const known = names.find((it) => it === value);
    if (known !== undefined) return known;
    const near = typeof value === "string" ? nearestName(value, names, value.length / 3) : null;
    const advice = near === null ? "" : `, did you mean ${near}?`;
    throw new OptionError(path, `expected one of ${names.join(", ")}${advice}`);
  };
}

/** @param expected - message for other values. */
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

/** @param advice - the continuation of the message. */
export function readObject(path: string, value: unknown, advice = ": write { … }"): Members {
  if (isJsonObject(value)) return value;
  throw new OptionError(path, `expected an object${advice}`);
}

/** Reads a list of objects with unique names. */
export function namedListOf<T>(read: Reader<T>, example: string): Reader<readonly T[]> {
  return (path, value, reading) => {
    let items: readonly T[] = [];
    reading.tryAll(
      () => {
        items = listOf(read, example)(path, value, reading);
      },
      () => rejectEqualNames(path, value),
    );
    return items;
  };
}

/** @throws OptionError for the first item whose name an earlier item has. */
function rejectEqualNames(path: string, value: unknown): void {
  const all: readonly unknown[] = Array.isArray(value) ? value : [];
  const names = all.map((it) => (isJsonObject(it) ? it["name"] : undefined));
  const index = names.findIndex((name, at) => typeof name === "string" && names.indexOf(name) < at);
  if (index < 0) return;
  throw new OptionError(`${path}[${index}].name`, `${names[index]} is already used`);
}
