import { Configuration } from "@sortition/core";
import { expect, it } from "vitest";
import { datadog } from "../../src/dialect.js";

const flag = (more: object, ...shards: readonly unknown[]): object => ({
  ...{ enabled: true, variationType: "STRING", variations: { on: { key: "on", value: "red" } } },
  allocations: [{ key: "all", splits: [{ variationKey: "on", shards }] }],
  ...more,
});
const shard = { salt: "s", ranges: [{ start: 0, end: 1 }] };

/** Flags, and which format each reveals. `null`: several formats have such flags. */
const FLAGS: Readonly<Record<string, { readonly flag: unknown; readonly format: string | null }>> =
  {
    datadog: { flag: flag({}, { ...shard, totalShards: 10 }), format: "datadog" },
    both: { flag: flag({ totalShards: 10 }, { ...shard, totalShards: 10 }), format: "datadog" },
    second: { flag: flag({}, shard, { ...shard, totalShards: 10 }), format: "datadog" },
    eppo: { flag: flag({ totalShards: 10 }, shard), format: "eppo" },
    precomputed: { flag: { variationValue: "red" }, format: "precomputed" },
    "variationValue next to allocations": { flag: flag({ variationValue: "red" }), format: null },
    "no totalShards": { flag: flag({}, shard), format: null },
    "no shards": { flag: flag({ totalShards: 10 }), format: null },
    "malformed shards": { flag: flag({ totalShards: 10 }, null, 5), format: null },
    "malformed allocations": { flag: flag({ totalShards: 10, allocations: 5 }), format: null },
    null: { flag: null, format: null },
  };

/** Returns the format of a payload, according to the error of the dialect. */
function formatOf(flags: Readonly<Record<string, unknown>>): string {
  try {
    Configuration.from({ dialect: datadog(), payloads: { flags: JSON.stringify({ flags }) } });
    return "datadog";
  } catch (error) {
    const message = String(error);
    if (message.includes("a configuration of Eppo")) return "eppo";
    return message.includes("a precomputed configuration") ? "precomputed" : message;
  }
}

it.each(Object.keys(FLAGS))("recognizes the format by the first flag that reveals it: %s", (a) => {
  const pairs = Object.keys(FLAGS).map((b) => [a, b] as const);
  const formats = pairs.map(([a, b]) => formatOf({ a: FLAGS[a]?.flag, b: FLAGS[b]?.flag }));
  const expected = pairs.map(([a, b]) => FLAGS[a]?.format ?? FLAGS[b]?.format ?? "datadog");
  expect(pairs.map((it, i) => [...it, formats[i]])).toEqual(
    pairs.map((it, i) => [...it, expected[i]]),
  );
});

it.each<readonly [payload: unknown, message: string]>([
  [{ format: "PRECOMPUTED", flags: {} }, "$: a precomputed configuration"],
  [enveloped({ obfuscated: true, flags: {} }), "$.data.attributes: a precomputed configuration"],
  [enveloped({ flags: {} }, "precomputed-assignments"), "$.data: a precomputed configuration"],
  [enveloped({ flags: {} }, "other"), "$.data.type: expected universal-flag-configuration"],
  ['\u0001{"flags":{}}', "$: expected JSON, got binary data"],
  [`{"flags":{}}\u0001`, "$: expected JSON, got binary data"],
])("names the place of what is not a configuration: %j", (payload, message) => {
  const flags = typeof payload === "string" ? payload : JSON.stringify(payload);
  expect(() => Configuration.from({ dialect: datadog(), payloads: { flags } })).toThrow(message);
});

it.each([{ date: "soon" }, { date: { toString: 1, valueOf: 1 } }])(
  "reports a date that limits nothing: $date",
  ({ date }) => {
    const dated = flag({ key: "dated", allocations: [{ key: "all", splits: [], startAt: date }] });
    const flags = JSON.stringify({ flags: { dated } });
    const { issues } = Configuration.from({ dialect: datadog(), payloads: { flags } });
    expect(issues.map(({ path }) => path)).toEqual(['$.flags["dated"].allocations[0].startAt']);
  },
);

function enveloped(attributes: object, type = "universal-flag-configuration"): object {
  return { data: { id: "1", type, attributes } };
}
