import { createCipheriv, randomBytes, webcrypto } from "node:crypto";
import { Configuration } from "@sortition/core";
import { toy as toyDialect } from "@sortition/dialect-kit/toy-dialect";
import { nativePeer, partsOf } from "../../src/dialects/native.js";
import type { Vendor } from "../../src/dialects/vendor.js";
import type { FlagBody, Writer } from "../../src/dialects/writer.js";
import { COUNTRIES, RANKINGS } from "../../src/workload/audience.js";

const SECRET = Buffer.alloc(16, 1);
const { subtle } = webcrypto;
const key = await subtle.importKey("raw", SECRET, "AES-GCM", false, ["decrypt"]);
const dialect = () => toyDialect({ key, subtle });

/** Writes encrypted flags like the toy's server. */
const writer: Writer = {
  bytes(flags, more = {}) {
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-128-gcm", SECRET, iv);
    const data = cipher.update(JSON.stringify({ flags, ...more }));
    return Buffer.concat([iv, data, cipher.final(), cipher.getAuthTag()]);
  },
  halves: ["off", "on"],
  half: (it) => flagOf(it, ["off", "on"], [{ percent: 50, variation: "off" }, { variation: "on" }]),
  targeted: (it) =>
    flagOf(
      it,
      RANKINGS,
      RANKINGS.map((variation, i) => ({
        when: { country: COUNTRIES },
        percent: [33, 66, 100][i],
        variation,
      })),
    ),
  ruled: (it, ruleCount) =>
    flagOf(
      it,
      ["in"],
      Array.from({ length: ruleCount }, (_, i) => ({
        when: { plan: [`plan-${i}`], country: ["DE", "FR"] },
        variation: "in",
      })),
    ),
  listed: (it, account) => flagOf(it, ["in"], [{ when: { account }, variation: "in" }]),
  shop: (i) => flagOf(`feature-${i}`, ["a", "b"], [{ variation: i % 2 === 0 ? "a" : "b" }]),
  fixed: (it, value) => flagOf(it, [value], [{ variation: value }]),
};

/** The toy dialect. It has no vendor, so its cells measure only our client. */
export const toy: Vendor = {
  name: "toy",
  writer,
  native: nativePeer({
    ...partsOf(dialect),
    load: (flags) => Configuration.load({ dialect: dialect(), payloads: { flags } }),
  }),
  dropIn: null,
  sdk: null,
  shopper: {},
  rows: {
    W2: { values: [...RANKINGS, false] },
    W3: { values: ["in"] },
    W5: { values: ["in", false] },
  },
};

/** Creates a flag in which each variation's value is its key. */
function flagOf(it: string, variations: readonly string[], rules: readonly object[]): FlagBody {
  const values = variations.map((name) => [name, { string: name, boolean: name === "on" }]);
  return { key: it, variations: Object.fromEntries(values), rules };
}
