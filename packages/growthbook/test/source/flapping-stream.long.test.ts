import { createClient } from "@sortition/core";
import { recordSituation, type Situation } from "@sortition/dialect-kit/request-recorder";
import { describe, expect, it } from "vitest";
import { growthbook } from "../../src/dialect.js";
import { growthbookSource } from "../../src/source.js";

/** A server that ends each stream after 100 ms without requesting a pause. */
const FLAPPING: Situation = {
  name: "flapping",
  async play(stage) {
    const { logger, server } = stage;
    server.on("/api/features/key", {
      body: { features: {} },
      headers: { "x-sse-support": "enabled" },
    });
    server.on("/sub/key", "stream");
    const client = createClient({
      dialect: growthbook(),
      source: growthbookSource({ clientKey: "key", apiHost: "http://gb.test", streaming: true }),
      assignmentLogger: null,
      diagnostics: logger,
    });
    for (let i = 0; i < 100; i++) {
      await stage.advance(100);
      for (const stream of server.streams) {
        stream.write("retry: 0\n\n");
        stream.end();
      }
    }
    await stage.advance(0);
    stage.settles("close", client.close());
    await stage.advance(0);
  },
};

describe("a stream that the server repeatedly ends", () => {
  it("is opened at most twice in 15 s, with one request each, at most one more while it is away, and log lines in pairs", async () => {
    const text = await recordSituation(FLAPPING, undefined, false);
    expect(text.match(/GET .*\/sub\/key/g)).toHaveLength(2);
    // The third one depends on the jitter: the stream may be back before it.
    expect([2, 3]).toContain(text.match(/GET .*\/api\/features/g)?.length);
    expect(text.match(/stream lost/g)).toHaveLength(1);
    expect(text.match(/stream is back/g)).toHaveLength(1);
  });
});
