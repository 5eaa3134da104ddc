import type { Configuration } from "@sortition/core";
import type { OptionReader } from "../../dialects/dialect.js";
import { decryptionKey } from "../../dialects/growthbook/decryption-key.js";
import { UsageError } from "../../errors.js";
import { isJsonObject } from "../../evaluate/request.js";
import { reduceAmplitude } from "./amplitude.js";
import { reduceDatadog } from "./datadog.js";
import { decrypted } from "./decrypted.js";
import { reduceEppo } from "./eppo.js";
import { reduceGrowthbook } from "./growthbook.js";
import { reducePosthog } from "./posthog.js";
import type { ReducedPayload } from "./reduction.js";

/** A configuration, and the flags to keep. */
export interface ReductionInput {
  readonly dialect: string;
  /** The parsed file. */
  readonly root: unknown;
  /** The configuration compiled from this file. */
  readonly configuration: Configuration;
  /** Keys of flags. Unknown keys are ignored. If empty, all flags are kept. */
  readonly asked: readonly string[];
  readonly option: OptionReader;
}

/**
 * Reduces a configuration to some flags and their dependencies.
 *
 * @throws UsageError for a flag that a warehouse cannot evaluate.
 */
export function reduce({
  asked,
  configuration,
  dialect,
  option,
  root,
}: ReductionInput): ReducedPayload {
  const object = isJsonObject(root) ? root : {};
  switch (dialect) {
    case "eppo":
      return reduceEppo(object, configuration, asked);
    case "datadog":
      return reduceDatadog(object, asked);
    case "growthbook":
      return reduceGrowthbook(decrypted(object, decryptionKey(option)), asked);
    case "amplitude":
      return reduceAmplitude(root, asked);
    case "posthog":
      return reducePosthog(object, asked);
    default:
      throw new UsageError(`functions are not supported for the dialect ${dialect}`);
  }
}
