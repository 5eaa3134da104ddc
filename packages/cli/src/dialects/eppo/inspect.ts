import { isEppoConfiguration } from "@sortition/core/eppo";
import type { InspectSupport } from "../dialect.js";

const HASHED =
  "The configuration is obfuscated. Flag keys, attribute names and listed values are MD5 hashes.";

/** What Eppo adds to `sortition inspect`: the format, and a note about hashed keys. */
export const eppoInspect: InspectSupport = {
  extrasOf(configuration) {
    if (!isEppoConfiguration(configuration)) return { summary: [], fields: {}, paragraphs: [] };
    const { format, isObfuscated } = configuration;
    return {
      summary: format === "" ? [] : [`format ${format}`],
      fields: { format, isObfuscated },
      paragraphs: isObfuscated ? [[HASHED]] : [],
    };
  },
};
