import {
  type GrowthbookConfiguration,
  growthbook as growthbookDialect,
} from "@sortition/growthbook/dialect";
import { growthbookExplainer } from "@sortition/growthbook/explain";
import type { CliDialect, OpenConfiguration, OpenOptions } from "../dialect.js";
import { loadFlags } from "../flags-file.js";
import { answer } from "./answer.js";
import { decryptionKey, KEY_OPTION } from "./decryption-key.js";
import { growthbookJudge } from "./judge.js";
import { growthbookPlace } from "./place.js";
import { reduceGrowthbook } from "./reduce.js";
import { readRequest } from "./request.js";

const ENCRYPTED =
  "the payload is encrypted: pass the key of the SDK connection as --decryption-key KEY";

/** GrowthBook's features, plain or encrypted. */
export const growthbook: CliDialect = {
  name: "growthbook",
  flagsOf: ({ feature }) => [feature],
  explainer: growthbookExplainer,
  explain: {
    // The subject key becomes the attribute `id` if the subject has none.
    requestOf: ({ attributes, flag, subjectKey }) => ({
      request: { feature: flag, context: { attributes: { id: subjectKey, ...attributes } } },
      type: null,
    }),
  },
  inspectExtras: ({ issues }) =>
    issues.some(({ code }) => code === "undecryptable") ? { paragraphs: [[ENCRYPTED]] } : {},
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
  const key = decryptionKey(option);
  const dialect = growthbookDialect({ requireFeatures: false, decryptionKey: key });
  const loaded = await loadFlags(dialect, await options.config());
  const configuration = loaded as GrowthbookConfiguration; // the dialect's own
  return {
    configuration,
    issues: () => configuration.issues,
    answer: (fields) => answer(configuration, readRequest(fields), hasEvents),
  };
}
