import { OptionError } from "@sortition/core/dialect";
import {
  booleanOption,
  dialectHints,
  rejectUnknownOptions,
  requireMethods,
} from "@sortition/core/dialect-internal";
import type { Decrypter } from "./decryption/decrypt.js";
import { GROWTHBOOK_OPTION_HINTS } from "./option-hints.js";

/** Options of the dialect. */
export interface GrowthbookOptions {
  /** Decrypts encrypted payloads. Base64, as GrowthBook shows it. */
  readonly decryptionKey?: string | undefined;
  /**
   * If `true`, regular expressions that may take exponential time or that cannot be analysed never match, and all
   * others are tested in linear time. Risky expressions are reported as issues in any case. Default: `false`, as in the
   * vendor's SDK.
   */
  readonly refuseRiskyPatterns?: boolean | undefined;
  /**
   * If `true`, a payload without features is rejected, and the current one stays in use. If `false`, it is accepted as
   * a configuration without features. Default: `true`.
   */
  readonly requireFeatures?: boolean | undefined;
  /** Default: `crypto.subtle` of the platform. */
  readonly subtle?: Decrypter | undefined;
}

/** Options with defaults applied. */
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

/** @throws OptionError that names the invalid option. */
export function resolveOptions(options: GrowthbookOptions): ResolvedOptions {
  rejectUnknownOptions(options, NAMES, "growthbook", () => dialectHints(GROWTHBOOK_OPTION_HINTS));
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
