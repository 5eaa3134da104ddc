import { Configuration, DecodeError } from "@sortition/core";
import {
  type GrowthbookConfiguration,
  growthbook as growthbookDialect,
} from "@sortition/growthbook/dialect";
import { growthbookExplainer } from "@sortition/growthbook/explain";
import { type PayloadFile, payloadError } from "../../evaluate/payload-file.js";
import type { CliDialect, InspectSupport, OpenConfiguration, OpenOptions } from "../dialect.js";
import { answer } from "./answer.js";
import { decryptionKey, KEY_OPTION } from "./decryption-key.js";
import { growthbookExplain } from "./explain.js";
import { growthbookJudge } from "./judge.js";
import { growthbookPlace } from "./place.js";
import { reduceGrowthbook } from "./reduce.js";
import { readRequest } from "./request.js";

const ENCRYPTED =
  "the payload is encrypted: pass the key of the SDK connection as --decryption-key KEY";

const inspect: InspectSupport = {
  extrasOf: ({ issues }) => ({
    summary: [],
    fields: {},
    paragraphs: issues.some(({ code }) => code === "undecryptable") ? [[ENCRYPTED]] : [],
  }),
};

/** GrowthBook's features, plain or encrypted. */
export const growthbook: CliDialect = {
  name: "growthbook",
  flagsOf: ({ feature }) => [feature],
  explainer: growthbookExplainer,
  explain: growthbookExplain,
  inspect,
  judge: growthbookJudge,
  placeOf: growthbookPlace,
  reduce: reduceGrowthbook,
  options: [KEY_OPTION],
  help: [
    'Request: {"feature", "context"?}, or {"experiment", "context"?} with an inline experiment',
    '  context: {"attributes"?, "attributeOverrides"?, "url"?, "qaMode"?, "enabled"?, "forcedVariations"?,',
    '  "forcedFeatures"?, "groups"?, "overrides"?, "savedGroups"?, "stickyBucketDocs"?}',
    'Result: {"id", "result"}, with sticky buckets also "stickyBucketAssignmentDocs" and',
    '  "savedStickyBucketDocs", with --events also "tracking" and "usage"',
  ],
  open,
};

async function open(options: OpenOptions): Promise<OpenConfiguration> {
  const { hasEvents = false, option } = options;
  const config = await options.config();
  const configuration = await load(config, decryptionKey(option));
  return {
    configuration,
    issues: () => configuration.issues,
    answer: (fields) => answer(configuration, readRequest(fields), hasEvents),
  };
}

async function load(
  config: PayloadFile,
  decryptionKey: string | undefined,
): Promise<GrowthbookConfiguration> {
  try {
    const dialect = growthbookDialect({
      requireFeatures: false,
      ...(decryptionKey === undefined ? {} : { decryptionKey }),
    });
    const configuration = await Configuration.load({
      dialect,
      payloads: { flags: config.bytes },
      fetchedAtMs: config.readAtMs,
    });
    return configuration as GrowthbookConfiguration; // the dialect's own
  } catch (error) {
    if (error instanceof DecodeError) throw payloadError(config, error);
    throw error;
  }
}
