import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { type Collector, startCollector } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { askOne, evaluating } from "./ofrep/ground.js";
import { relayOf } from "./start.js";

const EXPOSURES = 3;

const loggersOf = (url: string): readonly object[] => [
  { type: "segment", writeKey: { env: "KEY" }, host: url },
  { type: "rudderstack", writeKey: { env: "KEY" }, dataPlaneUrl: url },
  { type: "snowplow", appId: "shop", endpoint: url },
];

interface Failure {
  readonly service: string;
  readonly arrange: (collector: Collector) => unknown;
  /** Default: the collector's. */
  readonly url?: string;
  /** Of each logger. */
  readonly lost: number;
  readonly unconfirmed: number;
}

const FAILURES: readonly Failure[] = [
  {
    ...{ service: "hangs", lost: 0, unconfirmed: EXPOSURES },
    arrange: (collector) => collector.answer({ kind: "hang" }),
  },
  {
    ...{ service: "cuts connections", lost: 0, unconfirmed: EXPOSURES },
    arrange: (collector) => collector.answer({ kind: "reset" }),
  },
  {
    ...{ service: "refuses connections", lost: EXPOSURES, unconfirmed: 0 },
    arrange: (collector) => collector.refuse(),
  },
  {
    ...{ service: "has an unknown name", lost: EXPOSURES, unconfirmed: 0 },
    ...{ arrange: () => {}, url: "http://sortition.invalid" },
  },
];

describe("a relay that ends while the service of each logger fails", () => {
  it.each(FAILURES)("counts what is lost, or may be: the service $service", async (row) => {
    const collector = await startCollector();
    await row.arrange(collector);
    const loggers = loggersOf(row.url ?? collector.url);
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo, { loggers })] });
    for (let i = 0; i < EXPOSURES; i++)
      await askOne(relay.url, "boolean", { targetingKey: `${i}` });
    const [environment] = relay.environments;
    const lost = await relay.close();
    expect([lost, relay.unconfirmed()]).toEqual([3 * row.lost, 3 * row.unconfirmed]);
    const unconfirmed = environment?.exposures.map((it) => it.unconfirmed);
    expect(unconfirmed).toEqual(loggers.map(() => row.unconfirmed));
    const warning = relay.log.find((line) => line.includes("exposures may be lost"));
    expect(JSON.parse(warning ?? "{}").count ?? 0).toBe(3 * row.unconfirmed);
    await collector.close();
  });
});
