import type { Situation } from "@sortition/dialect-kit/request-recorder";
import { capture, capturing, count, end } from "./client.js";

const NOW = { distinctId: "alice", event: "now" };

/** Events for which callers wait: immediate ones, flushes and shutdowns. */
export const ENDS: readonly Situation[] = [
  {
    name: "captureImmediate: all tries fail, and the event waits for the next batch",
    async play(stage) {
      const client = capturing(stage, [500, 500, 500, 500, 200]);
      stage.settles("immediate", client.captureImmediate(NOW));
      stage.settles("identify", client.identifyImmediate({ distinctId: "alice" }));
      await stage.advance(20_000);
      count(stage, client);
      await stage.advance(20_000);
      count(stage, client);
      await end(stage, client);
    },
  },
  {
    name: "flush: delivered, while another one is under way, of events that come meanwhile",
    async play(stage) {
      const client = capturing(stage, [{ status: 200, afterMs: 500 }]);
      capture(client, 2);
      stage.settles("first flush", client.flush());
      await stage.advance(100);
      capture(client, 1, 3);
      stage.settles("second flush", client.flush());
      capture(client, 1, 4);
      await stage.advance(5_000);
      count(stage, client);
      await end(stage, client);
    },
  },
  ...([{ status: 200, afterMs: 500 }, 500, "hang"] as const).map(
    (reply): Situation => ({
      name: `shutdown within 2 s: ${JSON.stringify(reply)}`,
      async play(stage) {
        const client = capturing(stage, [reply], { flushAt: 2, maxBatchSize: 2 });
        capture(client, 5);
        stage.settles("shutdown", client.shutdown(2_000));
        stage.settles("second shutdown", client.shutdown());
        capture(client, 1, 6);
        await stage.advance(5_000);
        count(stage, client);
      },
    }),
  ),
  {
    name: "shutdown without a time, of a server that hangs",
    async play(stage) {
      const client = capturing(stage, ["hang"]);
      capture(client, 2);
      stage.settles("shutdown", client.shutdown());
      await stage.advance(60_000);
      count(stage, client);
    },
  },
  {
    name: "shutdown during the pause after a failure, and during a flush and a captureImmediate",
    async play(stage) {
      const client = capturing(stage, [503, "hang"]);
      capture(client, 2);
      stage.settles("flush", client.flush());
      await stage.advance(1_000);
      stage.settles("immediate", client.captureImmediate(NOW));
      stage.settles("shutdown", client.shutdown(500));
      await stage.advance(20_000);
      count(stage, client);
    },
  },
  {
    name: "addPendingPromise holds flush and shutdown up to their time",
    async play(stage) {
      const client = capturing(stage, [200]);
      const pending = new Promise((resolve) => setTimeout(resolve, 1_000));
      stage.settles("pending", client.addPendingPromise(pending));
      capture(client, 1);
      stage.settles("flush", client.flush());
      await stage.advance(1_500);
      void client.addPendingPromise(new Promise(() => {}));
      capture(client, 1, 2);
      stage.settles("shutdown", client.shutdown(2_000));
      await stage.advance(5_000);
      count(stage, client);
    },
  },
  {
    name: "disable, enable, and a client that is disabled or opted out from the start",
    async play(stage) {
      const client = capturing(stage, [200]);
      capture(client, 1);
      stage.settles("disable", client.disable());
      capture(client, 1, 2);
      stage.settles("immediate", client.captureImmediate(NOW));
      stage.settles("enable", client.enable());
      capture(client, 1, 3);
      await stage.advance(6_000);
      const disabled = capturing(stage, [200], { disabled: true, secretKey: "phx_secret" });
      capture(disabled, 1);
      stage.settles("flag", disabled.getFeatureFlag("a", "alice"));
      stage.settles("flush", disabled.flush());
      const optedOut = capturing(stage, [200], { defaultOptIn: false });
      capture(optedOut, 1);
      await stage.advance(6_000);
      for (const it of [client, disabled, optedOut]) await end(stage, it);
    },
  },
];
