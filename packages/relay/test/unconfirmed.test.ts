import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { type Collector, isInPart, startCollector } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { askOne, evaluating } from "./ofrep/ground.js";
import { relayOf } from "./start.js";

const EXPOSURES = 3;

const loggersOf = (url: string): readonly object[] => [
  { type: "segment", writeKey: { env: "KEY" }, host: url },
  { type: "rudderstack", writeKey: { env: "KEY" }, dataPlaneUrl: url },
  { type: "snowplow", appId: "shop", endpoint: url },
];

/** `arrange` may return another URL. `lost` is the number for each logger; the others may have arrived. */
const FAILURES: readonly {
  readonly service: string;
  readonly arrange: (collector: Collector) => unknown;
  readonly lost: number;
}[] = [
  { service: "hangs", arrange: (it) => it.answer({ kind: "hang" }), lost: 0 },
  { service: "cuts connections", arrange: (it) => it.answer({ kind: "reset" }), lost: 0 },
  { service: "refuses connections", arrange: (it) => it.refuse(), lost: EXPOSURES },
  { service: "has an unknown name", arrange: () => "http://sortition.invalid", lost: EXPOSURES },
];

describe("a relay that ends while the service of each logger fails", () => {
  it.each(FAILURES.filter((_, i) => isInPart(i, 1)))(
    "counts what is lost, or may be: the service $service",
    async (row) => {
      const collector = await startCollector();
      const loggers = loggersOf(String((await row.arrange(collector)) ?? collector.url));
      const relay = await relayOf({
        environments: [evaluating("eppo", PAYLOADS.eppo, { loggers })],
      });
      for (let i = 0; i < EXPOSURES; i++)
        await askOne(relay.url, "boolean", { targetingKey: `${i}` });
      const unconfirmed = EXPOSURES - row.lost;
      const [environment] = relay.environments;
      expect([await relay.close(), relay.unconfirmed()]).toEqual([3 * row.lost, 3 * unconfirmed]);
      expect(environment?.exposures).toMatchObject(loggers.map(() => ({ unconfirmed })));
      const warning = relay.log.find((line) => line.includes("exposures may be lost"));
      expect(JSON.parse(warning ?? "{}").count ?? 0).toBe(3 * unconfirmed);
      await collector.close();
    },
  );
});
