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
