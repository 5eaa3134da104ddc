import type { Situation } from "@sortition/dialect-kit/request-recorder";
import { CONFIG, end, flags, look, start } from "./client.js";

/** Polling, and requests other than those of `init`. */
export const POLLS: readonly Situation[] = [
  {
    name: "polls that fail by class, and never stop",
    async play(stage) {
      const late = { status: 429, headers: { "retry-after": "200" } };
      stage.server.on(CONFIG, flags("a"), 500, 401, 404, "reset", "cut", late, { body: "[]" }, 304);
      const client = start(stage);
      await stage.advance(900_000);
      look(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "jitter for a random number of 0.999",
    async play(stage) {
      stage.server.on(CONFIG, 500, flags("a"), 304, 500, 500, 304);
      const client = start(stage, { random: () => 0.999 });
      await stage.advance(200_000);
      await end(stage, client);
    },
  },
  {
    name: "an interval and a jitter of its own",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), 304, 500, 304);
      const client = start(stage, { pollingIntervalMs: 4_000, pollJitterMs: 1_000 });
      await stage.advance(21_000);
      await end(stage, client);
    },
  },
  {
    name: "fetchFlagConfigurations twice at once, which fail",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), 500);
      const client = start(stage);
      await stage.advance(1_000);
      stage.settles("first fetch", client.fetchFlagConfigurations());
      stage.settles("second fetch", client.fetchFlagConfigurations());
      await stage.advance(60_000);
      look(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "close during a poll",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"), "hang");
      const client = start(stage);
      await stage.advance(30_500);
      stage.settles("close", client.close());
      await stage.advance(1_000);
      stage.settles("fetch", client.fetchFlagConfigurations());
      await stage.advance(60_000);
    },
  },
  {
    name: "the overrides of a header, whose key is asked about once in five hours",
    async play(stage) {
      stage.server.on(CONFIG, flags("a"));
      stage.server.on("https://eppo.cloud/api/flag-overrides/v1/validate-key", 500, 403, {}, 500);
      const client = start(stage);
      await stage.advance(0);
      client.stopPolling();
      const header = JSON.stringify({ browserExtensionKey: "browser", overrides: {} });
      for (const waitMs of [1_000, 1_000, 1_000, 18_000_000, 0]) {
        stage.settles("overrides", client.parseOverrides(header));
        await stage.advance(waitMs);
      }
      await client.close();
    },
  },
];
