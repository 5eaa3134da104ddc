import { Configuration } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { seededRandom } from "@sortition/proof";
import { describe, expect, it } from "vitest";
import type { ReplayedRow } from "../../src/function/library/engine.js";
import { plantedEvents, REVISION_TIMES, revision } from "../replay/planted.js";
import { jsonFile, ndjson, run } from "../run.js";
import { warehousesOf } from "./answers-equal.js";

describe("the replay function", () => {
  it("judges planted events like sortition replay", async () => {
    const revisions = REVISION_TIMES.map((_, i) =>
      Configuration.from({ dialect: eppo(), payloads: { flags: JSON.stringify(revision(i)) } }),
    );
    const random = seededRandom(54);
    const events = plantedEvents({ random, events: 2_000, ofEach: 10, revisions })
      // The function has no argument for forced variations.
      .filter((event) => event["forced"] !== true);
    const config = jsonFile("judged.json", revision(0));
    const args = ["replay", "-", "--config", config, "--json", "--max-wrong", "100%"];
    const { stdout } = await run(args, ndjson(events));
    const { total } = JSON.parse(stdout.split("\n").at(-2) ?? "") as { total: object };
    const expected = Object.fromEntries(Object.entries(total).filter(([, count]) => count > 0));
    expect(Object.keys(expected).length).toBeGreaterThan(3);
    const rows = events.map((it) => [
      it["featureFlag"],
      it.subject,
      it["subjectAttributes"],
      Date.parse(`${it["timestamp"]}`),
      it["variation"],
      it["allocation"],
      it["experiment"],
    ]);
    for (const warehouse of await warehousesOf("eppo", revision(0))) {
      const kinds = warehouse.call("replay", rows).map((it) => (it as ReplayedRow).kind);
      const counts: Record<string, number> = {};
      for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
      expect(counts).toEqual(expected);
    }
  });
});
