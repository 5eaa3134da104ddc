import type { FlagGetter } from "@sortition/core/dialect";
import {
  fitsManifestType,
  isManifestKey,
  MANIFEST_TYPES,
  type ManifestFlag,
  manifestFlag,
  type TypedFlag,
} from "@sortition/core/dialect-internal";
import { FileError } from "../errors.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";
import { madeOnce } from "../made-once.js";

const SCHEMA =
  "https://raw.githubusercontent.com/open-feature/cli/refs/heads/main/schema/v0/flag-manifest.json";

/** A flag of the previous manifest, without its description, which is regenerated. */
type FormerFlag = Omit<ManifestFlag, "description">;

/** The contents of a manifest file. */
interface Manifest {
  /** Members other than the flags. */
  readonly rest: JsonObject;
  readonly flags: ReadonlyMap<string, FormerFlag>;
}

export const EMPTY_MANIFEST: Manifest = { rest: { $schema: SCHEMA }, flags: new Map() };

/** A manifest generated from a configuration and the previous manifest. */
interface NewManifest {
  readonly text: string;
  /** Keys of flags that got a new default value because the previous manifest has none that fits. */
  readonly newDefaults: readonly string[];
  /** Default values that are not variations, which subjects without an assignment should not get. */
  readonly oddDefaults: readonly string[];
  /** Differences from the flags of the previous manifest. */
  readonly differences: readonly string[];
}

/**
 * Reads a manifest in the format of OpenFeature's schema.
 *
 * @throws FileError that names the member that the schema rejects.
 */
export function readManifest(name: string, text: string): Manifest {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    throw new FileError(`${name}: the file is not JSON`);
  }
  if (!isJsonObject(root)) throw new FileError(`${name}: expected an object`);
  const { flags, ...rest } = root;
  if (!isJsonObject(flags))
    throw new FileError(`${name}: flags: expected an object: is it a manifest?`);
  const read = Object.entries(flags).map(([key, flag]): [string, FormerFlag] => {
    const path = `${name}: flags[${JSON.stringify(key)}]`;
    if (!isManifestKey(key)) {
      throw new FileError(`${path}: expected a non-empty key without line breaks`);
    }
    if (!isJsonObject(flag)) throw new FileError(`${path}: expected an object`);
    const { defaultValue, description } = flag;
    const flagType = MANIFEST_TYPES.find((type) => type === flag["flagType"]);
    if (flagType === undefined) {
      const advice = "flagType" in flag ? "" : "; if the file is not a manifest, pass one";
      throw new FileError(
        `${path}.flagType: expected one of ${MANIFEST_TYPES.join(", ")}${advice}`,
      );
    }
    if (defaultValue === undefined)
      throw new FileError(`${path}.defaultValue: the member is missing`);
    // The schema accepts any default value for an object.
    if (flagType !== "object" && !fitsManifestType(flagType, defaultValue)) {
      throw new FileError(`${path}.defaultValue: expected a value of type ${flagType}`);
    }
    if (description !== undefined && typeof description !== "string") {
      throw new FileError(`${path}.description: expected a string`);
    }
    return [key, { flagType, defaultValue }];
  });
  return { rest, flags: new Map(read) };
}

/**
 * Generates the manifest of the flags that have a getter. Types and descriptions come from the configuration. Default
 * values belong to the code, so they are kept.
 *
 * @param defaultOf - returns the default value of a flag in the payload, or `undefined` if it has none.
 */
export function newManifest(
  flags: readonly TypedFlag[],
  former: Manifest,
  defaultOf: (key: string) => unknown,
): NewManifest {
  const made = new Map<string, ManifestFlag>();
  const newDefaults: string[] = [];
  const oddDefaults: string[] = [];
  for (const flag of flags) {
    const { key } = flag.description;
    const known = former.flags.get(key)?.defaultValue;
    const found = manifestFlag(flag, [known, defaultOf(key)]);
    if (found === null) continue;
    const { entry, getter } = found;
    if (!fitsManifestType(entry.flagType, known)) newDefaults.push(key);
    if (getter.isForAll && !hasValue(getter, entry.defaultValue)) {
      oddDefaults.push(`${JSON.stringify(key)} ${JSON.stringify(entry.defaultValue)}`);
    }
    made.set(key, entry);
  }
  // The null prototype makes `__proto__` an ordinary key.
  const all: Record<string, ManifestFlag> = Object.create(null);
  for (const [key, flag] of made) all[key] = flag;
  return {
    text: `${JSON.stringify({ ...former.rest, flags: all }, null, 2)}\n`,
    newDefaults,
    oddDefaults,
    differences: differencesOf(former.flags, made),
  };
}

function hasValue({ type, values }: FlagGetter, value: unknown): boolean {
  // The shape of a default object belongs to the code.
  return type === "json" || values.includes(value);
}

function differencesOf(
  before: ReadonlyMap<string, FormerFlag>,
  after: ReadonlyMap<string, FormerFlag>,
): readonly string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    const name = JSON.stringify(key);
    if (is === undefined) return [`removed: ${name}`];
    if (was === undefined) return [`added: ${name} ${is.flagType}`];
    return was.flagType === is.flagType
      ? []
      : [`type changed: ${name} ${was.flagType} → ${is.flagType}`];
  });
}

/** Returns groups of keys for which generators create the same name. */
export function clashingKeys(flags: readonly TypedFlag[]): readonly (readonly string[])[] {
  const byName = new Map<string, string[]>();
  for (const { description } of flags) {
    const name = description.key.replace(/[^\p{L}\p{N}]+/gu, "").toLowerCase();
    madeOnce(byName, name, (): string[] => []).push(description.key);
  }
  return [...byName.values()].filter(({ length }) => length > 1);
}
