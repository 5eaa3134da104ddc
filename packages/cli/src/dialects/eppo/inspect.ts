import { md5Hex } from "@sortition/core/dialect";
import { isEppoConfiguration } from "@sortition/core/eppo";
import type { InspectSupport } from "../dialect.js";

const HASHED =
  "It is obfuscated: keys of flags, names of attributes and listed values are MD5 hashes.";

/** What Eppo adds to `sortition inspect`: the format, and hashed keys of flags. */
export const eppoInspect: InspectSupport = {
  payloadKey(configuration, flag) {
    const { flagKeys } = configuration;
    if (flagKeys.has(flag)) return flag;
    const isObfuscated = isEppoConfiguration(configuration) && configuration.isObfuscated;
    const hash = isObfuscated ? md5Hex(flag) : null;
    return hash !== null && flagKeys.has(hash) ? hash : null;
  },
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
