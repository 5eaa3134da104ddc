import { Configuration } from "@sortition/core";
import { expect, it } from "vitest";
import { launchdarkly } from "../src/dialect.js";

/** Segments that refer to the next one, of which the last one lists a context. */
function configurationOf(chain: readonly string[], listed: string): Configuration {
  const rule = (key: string) => ({ clauses: [{ op: "segmentMatch", values: [key] }] });
  const segments = chain.map((key, i) => {
    const next = chain[i + 1];
    return [key, next === undefined ? { key, included: [listed] } : { key, rules: [rule(next)] }];
  });
  segments.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  segments.push(["alone", { key: "alone", included: ["u"] }]);
  const flags = segments.map(([key = ""]) => [
    key,
    {
      key,
      version: 1,
      on: true,
      variations: [0, 1],
      rules: [{ variation: 1, ...rule(String(key)) }],
    },
  ]);
  const payload = { flags: Object.fromEntries(flags), segments: Object.fromEntries(segments) };
  return Configuration.from({
    dialect: launchdarkly(),
    payloads: { flags: JSON.stringify(payload) },
  });
}

function permutationsOf(keys: readonly string[]): readonly (readonly string[])[] {
  if (keys.length < 2) return [keys];
  return keys.flatMap((key) => {
    return permutationsOf(keys.filter((it) => it !== key)).map((rest) => [key, ...rest]);
  });
}

it.each(permutationsOf(["a", "b", "c", "d"]))(
  "regards the flags of each segment that leads to a changed one as changed: %s > %s > %s > %s",
  (...chain) => {
    const [here, there] = [configurationOf(chain, "u"), configurationOf(chain, "v")];
    const changed = [...here.flagKeys].filter((key) => !here.isSameFlag(key, there));
    expect(changed.sort()).toEqual(["a", "b", "c", "d"]);
  },
);
