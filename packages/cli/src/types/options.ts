import { resolve } from "node:path";
import {
  type CommandLine,
  type ConfigurationOptions,
  readConfigurationOptions,
} from "../configuration-options.js";
import { UsageError } from "../errors.js";
import { TYPES } from "./help.js";

export interface TypesOptions extends ConfigurationOptions {
  /** `null` prints to stdout, unless there is a manifest. */
  readonly outPath: string | null;
  readonly manifestPath: string | null;
  readonly isCheck: boolean;
}

/** @throws UsageError */
export async function parseTypesOptions(line: CommandLine): Promise<TypesOptions> {
  const options = await readConfigurationOptions(line, TYPES, {
    allowsPositionals: false,
  });
  const outPath = options.given.get("out") ?? null;
  const manifestPath = options.given.get("manifest") ?? null;
  const isCheck = options.given.has("check");
  if (isCheck && outPath === null && manifestPath === null) {
    throw new UsageError("--check compares files. Add --out FILE or --manifest FILE");
  }
  if (outPath !== null && manifestPath !== null && resolve(outPath) === resolve(manifestPath)) {
    throw new UsageError("--out and --manifest must be different files");
  }
  return { ...options, outPath, manifestPath, isCheck };
}
