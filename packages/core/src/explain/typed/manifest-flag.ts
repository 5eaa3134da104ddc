import type { FlagGetter } from "../flag-getter.js";
import { flagComment } from "./flag-comment.js";
import type { TypedFlag } from "./typed-flag.js";

/** Flag types of OpenFeature's manifest. */
export const MANIFEST_TYPES = ["boolean", "string", "integer", "float", "object"] as const;

/** A type of {@link MANIFEST_TYPES}. */
export type ManifestType = (typeof MANIFEST_TYPES)[number];

/** A flag of OpenFeature's manifest. */
export interface ManifestFlag {
  readonly flagType: ManifestType;
  readonly defaultValue: unknown;
  readonly description: string;
}

const FITS: Readonly<Record<ManifestType, (value: unknown) => boolean>> = {
  boolean: (value) => typeof value === "boolean",
  string: (value) => typeof value === "string",
  integer: Number.isInteger,
  float: (value) => typeof value === "number",
  object: (value) => typeof value === "object" && value !== null,
};

const EMPTY: Readonly<Record<ManifestType, unknown>> = {
  boolean: false,
  string: "",
  integer: 0,
  float: 0,
  object: {},
};

/** Whether a value may be the default value of a flag of this type. */
export function fitsManifestType(type: ManifestType, value: unknown): boolean {
  return FITS[type](value);
}

/** Whether the manifest's schema accepts a flag key, which must have one line and not be empty. */
export function isManifestKey(key: string): boolean {
  return /^.+$/.test(key);
}

/**
 * Returns the manifest entry of a flag, or `null` if no accessor could return its values or the schema rejects its key.
 *
 * @param defaultValues - the first value that fits is used. Otherwise the default is `false`, `""`, `0` or `{}`.
 */
export function manifestFlag(
  flag: TypedFlag,
  defaultValues: readonly unknown[],
): { readonly entry: ManifestFlag; readonly getter: FlagGetter } | null {
  const main = mainGetter(flag.getters);
  if (main === null || !isManifestKey(flag.description.key)) return null;
  const { flagType, getter } = main;
  const known = defaultValues.find((value) => fitsManifestType(flagType, value));
  const defaultValue = known === undefined ? EMPTY[flagType] : known;
  return { entry: { flagType, defaultValue, description: flagComment(flag) }, getter };
}

/** Returns the getter that OpenFeature's accessor calls, with OpenFeature's name of the type. */
function mainGetter(
  getters: readonly FlagGetter[],
): { readonly flagType: ManifestType; readonly getter: FlagGetter } | null {
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
