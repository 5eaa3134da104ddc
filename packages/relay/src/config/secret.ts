import { readFileSync } from "node:fs";
import { isJsonObject } from "@sortition/core/dialect";
import { OptionError } from "@sortition/core/internal";
import type { Reading } from "./reading.js";

/** Environment variables that secrets are read from. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The form of every secret in a configuration file. */
const FORMS = '{ "env": "NAME" } or { "file": "/run/secrets/name" }';

/** Whether a value is a reference to a secret: an object with only `env` or `file`. */
function isReference(value: unknown): value is { readonly env?: unknown; readonly file?: unknown } {
  if (!isJsonObject(value)) return false;
  const names = Object.keys(value);
  return names.length === 1 && (names[0] === "env" || names[0] === "file");
}

/**
 * Reads a secret. The configuration file contains only a reference to it.
 *
 * @param path - path of the member, for messages. They never contain the secret.
 * @throws OptionError if the value is not a reference, the variable is not set, or the file is empty or cannot be read.
 */
export function readSecret(path: string, value: unknown, reading: Reading): string {
  if (typeof value === "string") {
    throw new OptionError(path, `is a secret in plain text: expected ${FORMS}`);
  }
  if (!isReference(value)) throw new OptionError(path, `expected ${FORMS}`);
  return "env" in value
    ? fromVariable(path, value.env, reading)
    : fromFile(path, value.file, reading);
}

/**
 * Copies a value and replaces references with their secrets.
 *
 * @param secretNames - members that must be references, at any depth.
 * @throws OptionError as {@link readSecret}.
 */
export function withSecrets(
  path: string,
  value: unknown,
  secretNames: readonly string[],
  reading: Reading,
): unknown {
  if (Array.isArray(value)) {
    return value.map((it, index) => withSecrets(`${path}[${index}]`, it, secretNames, reading));
  }
  if (!isJsonObject(value)) return value;
  if (isReference(value)) return readSecret(path, value, reading);
  const copy: Record<string, unknown> = {};
  reading.tryAll(
    ...Object.entries(value).map(([name, member]) => () => {
      const place = `${path}.${name}`;
      copy[name] = secretNames.includes(name)
        ? readSecret(place, member, reading)
        : withSecrets(place, withoutPassword(place, member), secretNames, reading);
    }),
  );
  return copy;
}

/** @throws OptionError for a URL that contains a password. */
export function withoutPassword(path: string, value: unknown): unknown {
  if (typeof value !== "string" || !URL.canParse(value)) return value;
  if (new URL(value).password === "") return value;
  throw new OptionError(path, `contains a password in plain text: expected ${FORMS}`);
}

/** Replaces secrets that cannot be read in an offline check. It looks like a key. */
export const UNSET_SECRET: string = "unset-".repeat(8);

function fromVariable(path: string, name: unknown, reading: Reading): string {
  const { variables } = reading;
  if (typeof name !== "string" || name === "") {
    throw new OptionError(`${path}.env`, "expected the name of a variable");
  }
  const secret = Object.hasOwn(variables, name) ? variables[name]?.trim() : undefined;
  if (secret) return secret;
  return unset(reading, path, `the variable ${name} is not set, or is blank`);
}

function fromFile(path: string, file: unknown, reading: Reading): string {
  if (typeof file !== "string" || file === "") {
    throw new OptionError(`${path}.file`, "expected a path");
  }
  let secret: string;
  try {
    secret = readFileSync(file, "utf8").trim();
  } catch (error) {
    // Uses the system's code, because its message would repeat the path.
    const { code = "unreadable" } = error as NodeJS.ErrnoException;
    const question = code === "ENOENT" ? ": is the secret mounted there?" : "";
    return unset(reading, path, `the file ${file} cannot be read: ${code}${question}`);
  }
  return secret === "" ? unset(reading, path, `the file ${file} is empty`) : secret;
}

function unset({ unsetSecrets }: Reading, path: string, problem: string): string {
  if (unsetSecrets === null) throw new OptionError(path, problem);
  unsetSecrets.push(`${path}: ${problem}`);
  return UNSET_SECRET;
}
