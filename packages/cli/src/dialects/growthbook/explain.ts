import type { ExplainSupport } from "../dialect.js";

/** What GrowthBook adds to `sortition explain`. The subject key becomes the attribute `id` if the subject has none. */
export const growthbookExplain: ExplainSupport = {
  requestOf: ({ attributes, flag, subjectKey }) => ({
    request: { feature: flag, context: { attributes: { id: subjectKey, ...attributes } } },
    type: null,
  }),
};
