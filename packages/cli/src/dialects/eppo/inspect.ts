import { isEppoConfiguration } from "@sortition/core/eppo";
import type { InspectSupport } from "../dialect.js";

const HASHED =
  "It is obfuscated: keys of flags, names of attributes and listed values are MD5 hashes.";

/** What Eppo adds to `sortition inspect`: the format, and that keys of flags are hashes. */
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
