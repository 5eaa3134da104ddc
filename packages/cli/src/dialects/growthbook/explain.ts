import type { ExplainSupport } from "../dialect.js";

/** What GrowthBook adds to `sortition explain`. The subject key is the attribute `id`, unless there is one. */
export const growthbookExplain: ExplainSupport = {
  requestOf: ({ attributes, flag, subjectKey }) => ({
    request: { feature: flag, context: { attributes: { id: subjectKey, ...attributes } } },
    type: null,
  }),
  extrasOf: () => ({ fields: {}, paragraphs: [] }),
};
