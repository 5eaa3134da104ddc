import type { Configuration } from "@sortition/core";
import type { Explainer } from "@sortition/core/dialect";
import type { TypedFlag } from "@sortition/core/dialect-internal";
import { typeDifferences } from "./differences.js";
import { EMPTY_MANIFEST, newManifest, readManifest } from "./manifest.js";
import { flagTypes, readTypeFile, typeFile } from "./type-file.js";
import { readIfThere } from "./written-file.js";

/** A file to write or to check. */
export interface Target {
  /** The name of the file in messages. */
  readonly name: string;
  readonly path: string;
  /** Previous content; `null` if the file does not exist. */
  readonly former: string | null;
  readonly text: string;
  /** Differences that `--check` reports. */
  readonly differences: readonly string[];
  /** Notes to print after the file is written. */
  readonly notes: readonly string[];
}

/** @throws FileError if the file cannot be read or was not generated. */
export async function typeTarget(
  path: string,
  configuration: Configuration,
  flags: readonly TypedFlag[],
): Promise<Target> {
  const name = `--out ${path}`;
  const former = await readIfThere(name, path);
  const known =
    former === null ? new Map() : readTypeFile(name, former, configuration.dialect.name);
  const differences = typeDifferences(known, flagTypes(flags));
  return { name, path, former, text: typeFile(configuration, flags), differences, notes: [] };
}

/** @throws FileError if the file cannot be read or is not a manifest. */
export async function manifestTarget(
  path: string,
  configuration: Configuration,
  flags: readonly TypedFlag[],
  explainer: Explainer,
): Promise<Target> {
  const name = `--manifest ${path}`;
  const former = await readIfThere(name, path);
  const before = former === null ? EMPTY_MANIFEST : readManifest(name, former);
  const made = newManifest(flags, before, (key) => explainer.defaultValueOf?.(configuration, key));
  const odd = made.oddDefaults.map((it) => `default value is not a variation: ${it}`);
  const fresh = made.newDefaults.map((key) => `new default value: ${JSON.stringify(key)}`);
  const { differences, text } = made;
  return {
    name,
    path,
    former,
    text,
    differences: [...differences, ...odd],
    notes: [...fresh, ...odd],
  };
}
