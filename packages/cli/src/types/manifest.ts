import type { FlagGetter } from "@sortition/core/dialect";
import { FileError } from "../errors.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";
import { flagComment } from "./flag-comment.js";
import { byText } from "./order.js";
import type { TypedFlag } from "./typed-flag.js";

const SCHEMA =
  "https://raw.githubusercontent.com/open-feature/cli/refs/heads/main/schema/v0/flag-manifest.json";

/** Types of OpenFeature's manifest, each with a check whether a value fits as its default. */
const FITS: Readonly<Record<string, (value: unknown) => boolean>> = {
  boolean: (value) => typeof value === "boolean",
  string: (value) => typeof value === "string",
  integer: Number.isInteger,
  float: (value) => typeof value === "number",
  object: (value) => typeof value === "object" && value !== null,
};

const EMPTY: Readonly<Record<string, unknown>> = {
  boolean: false,
  string: "",
  integer: 0,
  float: 0,
  object: {},
};

/** A flag of OpenFeature's manifest. */
interface ManifestFlag {
  readonly flagType: string;
  readonly defaultValue: unknown;
  readonly description?: unknown;
}

/** The contents of a manifest file. */
interface Manifest {
  /** Members other than the flags. */
  readonly rest: JsonObject;
  readonly flags: ReadonlyMap<string, ManifestFlag>;
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
 * @throws FileError with the name of the member that the schema rejects.
 */
export function readManifest(name: string, text: string): Manifest {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    throw new FileError(`${name}: not JSON`);
  }
  if (!isJsonObject(root)) throw new FileError(`${name}: expected an object`);
  const { flags, ...rest } = root;
  if (!isJsonObject(flags)) throw new FileError(`${name}: flags: expected an object`);
  const read = Object.entries(flags).map(([key, flag]): [string, ManifestFlag] => {
    const path = `${name}: flags[${JSON.stringify(key)}]`;
    if (key === "") throw new FileError(`${path}: expected a key that is not empty`);
    if (!isJsonObject(flag)) throw new FileError(`${path}: expected an object`);
    const { defaultValue, description, flagType } = flag;
    const fits = typeof flagType === "string" && Object.hasOwn(FITS, flagType) && FITS[flagType];
    if (!fits) {
      throw new FileError(`${path}.flagType: expected one of ${Object.keys(FITS).join(", ")}`);
    }
    if (defaultValue === undefined) throw new FileError(`${path}.defaultValue: it is missing`);
    // The schema accepts any default value for an object.
    if (flagType !== "object" && !fits(defaultValue)) {
      throw new FileError(`${path}.defaultValue: it is not of type ${String(flagType)}`);
    }
    if (description !== undefined && typeof description !== "string") {
      throw new FileError(`${path}.description: expected a string`);
    }
    return [key, { flagType: String(flagType), defaultValue, description }];
  });
  return { rest, flags: new Map(read) };
}

/**
 * The manifest of the flags that have a getter. Types and descriptions come from the configuration. Default values belong
 * to the code, so they are kept.
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
    const main = mainGetter(flag.getters);
    if (main === null || key === "") continue;
    const { flagType, getter } = main;
    const fits = FITS[flagType] as (value: unknown) => boolean; // all types are listed
    const known = former.flags.get(key)?.defaultValue;
    const isKept = known !== undefined && fits(known);
    if (!isKept) newDefaults.push(key);
    const own = defaultOf(key);
    const defaultValue = isKept ? known : fits(own) ? own : EMPTY[flagType];
    if (getter.isForAll && !hasValue(getter, defaultValue)) {
      oddDefaults.push(`${JSON.stringify(key)} ${JSON.stringify(defaultValue)}`);
    }
    made.set(key, { flagType, defaultValue, description: flagComment(flag) });
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

/** The getter that OpenFeature's accessor calls, and OpenFeature's name of the type; `null` if there is none. */
function mainGetter(
  getters: readonly FlagGetter[],
): { readonly flagType: string; readonly getter: FlagGetter } | null {
  const of = (type: string) => getters.find((getter) => getter.type === type);
  const string = of("string");
  const isSwitch = string?.values.every((value) => value === "on" || value === "off") ?? true;
  const boolean = of("boolean");
  if (boolean !== undefined && isSwitch) return { flagType: "boolean", getter: boolean };
  if (string !== undefined) return { flagType: "string", getter: string };
  const json = of("json");
  if (json !== undefined) return { flagType: "object", getter: json };
  const [integer, numeric] = [of("integer"), of("numeric")];
  if (integer !== undefined && integer.values.length >= (numeric?.values.length ?? 0)) {
    return { flagType: "integer", getter: integer };
  }
  return numeric === undefined ? null : { flagType: "float", getter: numeric };
}

function hasValue({ type, values }: FlagGetter, value: unknown): boolean {
  // The shape of a default object belongs to the code.
  return type === "json" || values.includes(value);
}

function differencesOf(
  before: ReadonlyMap<string, ManifestFlag>,
  after: ReadonlyMap<string, ManifestFlag>,
): readonly string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort(byText);
  return keys.flatMap((key) => {
    const [was, is] = [before.get(key), after.get(key)];
    const name = JSON.stringify(key);
    if (is === undefined) return [`removed: ${name}`];
    if (was === undefined) return [`added: ${name} ${is.flagType}`];
    return was.flagType === is.flagType
      ? []
      : [`another type: ${name} ${was.flagType} → ${is.flagType}`];
  });
}

/** Groups of keys for which generators create the same name. */
export function clashingKeys(flags: readonly TypedFlag[]): readonly (readonly string[])[] {
  const byName = new Map<string, string[]>();
  for (const { description } of flags) {
    const name = description.key.replace(/[^\p{L}\p{N}]+/gu, "").toLowerCase();
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [description.key]);
    else known.push(description.key);
  }
  return [...byName.values()].filter(({ length }) => length > 1);
}
