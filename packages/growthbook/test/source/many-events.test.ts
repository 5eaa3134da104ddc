import { createClient } from "@sortition/core";
import { recordSituation, type Stage } from "@sortition/dialect-kit/request-recorder";
import { isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { growthbook } from "../../src/dialect.js";
import { clearCache, GrowthBook } from "../../src/index.js";
import { growthbookSource } from "../../src/source.js";

const EVENTS = 300;
/** The server's response time, ms. */
const ANSWER_MS = 50;

/** Sends an event every millisecond. */
async function sendMany(stage: Stage): Promise<void> {
  for (let i = 0; i < EVENTS; i++) {
    for (const stream of stage.server.streams) stream.send("", "features-updated");
    await stage.advance(1);
  }
  await stage.advance(10 * ANSWER_MS);
}

function serve({ server }: Stage): void {
  server.on("/api/features/key", {
    body: { features: {} },
    headers: { "x-sse-support": "enabled" },
    afterMs: ANSWER_MS,
  });
  server.on("/sub/key", "stream");
}

const CLIENTS: Readonly<Record<string, (stage: Stage) => () => void>> = {
  "a native client"({ logger }) {
    const client = createClient({
      dialect: growthbook(),
      source: growthbookSource({ clientKey: "key", apiHost: "http://gb.test", streaming: true }),
      assignmentLogger: null,
      diagnostics: logger,
    });
    return () => void client.close();
  },
  "the drop-in"({ logger }) {
    const gb = new GrowthBook({ apiHost: "http://gb.test", clientKey: "key", diagnostics: logger });
    void gb.init({ streaming: true });
    return () => {
      gb.destroy({ destroyAllStreams: true });
      void clearCache();
    };
  },
};

describe(`${EVENTS} events that announce a change`, () => {
  it.each(Object.keys(CLIENTS).filter((_, i) => isInPart(i, 1)))(
    "make %s send only one request at a time",
    async (name) => {
      const play = async (stage: Stage): Promise<void> => {
        serve(stage);
        const end = CLIENTS[name]?.(stage);
        await stage.advance(2 * ANSWER_MS);
        await sendMany(stage);
        end?.();
        await stage.advance(0);
      };
      const text = await recordSituation({ name, play }, undefined, false);
      const requests = text.match(/GET .*\/api\/features/g)?.length;
      // The first request, one after each response, and one after the last event.
      expect(requests).toBeGreaterThanOrEqual(1 + EVENTS / ANSWER_MS);
      expect(requests).toBeLessThanOrEqual(2 + EVENTS / ANSWER_MS);
    },
  );
});
