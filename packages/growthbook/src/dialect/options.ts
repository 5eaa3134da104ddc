import {
  booleanOption,
  OptionError,
  rejectUnknownOptions,
  requireMethods,
} from "@sortition/core/dialect";
import type { Decrypter } from "./decryption/decrypt.js";

/** Options of the dialect. */
export interface GrowthbookOptions {
  /** Opens encrypted payloads. Base64, as GrowthBook shows it. */
  readonly decryptionKey?: string;
  /**
   * Whether regular expressions that can take exponential time, or cannot be analysed, never match, and all others are
   * tested in linear time. Risky ones are issues in any case. Default: false, as the vendor's SDK.
   */
  readonly refuseRiskyPatterns?: boolean;
  /**
   * Whether a payload without features is rejected, so that the current one stays in force. Default: true.
   * `false`: it is a configuration without features.
   */
  readonly requireFeatures?: boolean;
  /** Default: `crypto.subtle` of the platform. */
  readonly subtle?: Decrypter;
}

/** Options with their defaults. */
export interface ResolvedOptions {
  readonly decryptionKey: string | null;
  readonly refuseRiskyPatterns: boolean;
  readonly requireFeatures: boolean;
  readonly subtle: Decrypter | undefined;
}

const NAMES: readonly (keyof GrowthbookOptions)[] = [
  "decryptionKey",
  "refuseRiskyPatterns",
  "requireFeatures",
  "subtle",
];

/** @throws OptionError that names the option. */
export function resolveOptions(options: GrowthbookOptions): ResolvedOptions {
  rejectUnknownOptions(options, NAMES, "growthbook");
  const { decryptionKey, subtle } = options;
  requireMethods("subtle", subtle, ["importKey", "decrypt"]);
  if (decryptionKey !== undefined && typeof decryptionKey !== "string") {
    throw new OptionError("decryptionKey", "expected a string");
  }
  return {
    decryptionKey: decryptionKey ?? null,
    refuseRiskyPatterns: booleanOption("refuseRiskyPatterns", options.refuseRiskyPatterns, false),
    requireFeatures: booleanOption("requireFeatures", options.requireFeatures, true),
    subtle,
  };
}
