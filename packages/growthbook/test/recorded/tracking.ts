import type { ScriptedReply, Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import { type GrowthBook, setPolyfills } from "../../src/index.js";
import {
  type GrowthBookTrackingOptions,
  growthbookTrackingPlugin,
  type TrackingPlugin,
} from "../../src/plugins.js";
import { instance, payload } from "./client.js";

const TRACK = "ingest.test/track";

/** Creates an instance that sends events to a server with these replies. Failures are reported once per process. */
async function tracked(
  stage: Stage,
  replies: readonly ScriptedReply[],
  options: GrowthBookTrackingOptions = {},
): Promise<{ readonly gb: GrowthBook; readonly plugin: TrackingPlugin }> {
  stage.server.on(TRACK, ...replies);
  const plugin = growthbookTrackingPlugin({ ingestorHost: "http://ingest.test", ...options });
  const gb = instance(stage, { attributes: { id: "alice" }, debug: false, plugins: [plugin] });
  await gb.init({ payload: payload("a") });
  return { gb, plugin };
}

/** Records the event counters. */
function count({ note }: Stage, plugin: TrackingPlugin): void {
  note("counters", plugin.counters());
}

/** How the tracking plugin sends events. */
export const TRACKING: readonly Situation[] = [
  {
    name: "batches: events of an interval in one request, repeated ones once",
    async play(stage) {
      const { gb, plugin } = await tracked(stage, [200]);
      gb.isOn("a");
      gb.isOn("a");
      gb.isOn("none");
      stage.settles("logEvent", gb.logEvent("bought", { price: 5 }));
      await stage.advance(50);
      stage.settles("second logEvent", gb.logEvent("bought", { price: 5 }));
      await stage.advance(100);
      stage.settles("third logEvent", gb.logEvent("left"));
      count(stage, plugin);
      await stage.advance(200);
      count(stage, plugin);
      gb.destroy();
    },
  },
  {
    name: "failures by class, which are neither repeated nor reported twice",
    async play(stage) {
      const { gb, plugin } = await tracked(stage, [400, 401, 413, 429, 500, 500, "cut"]);
      for (let i = 0; i < 7; i++) {
        stage.settles(`logEvent ${i}`, gb.logEvent("event", { i }));
        await stage.advance(1_000);
      }
      stage.server.connections("refused");
      stage.settles("logEvent refused", gb.logEvent("event"));
      await stage.advance(1_000);
      count(stage, plugin);
      gb.destroy();
    },
  },
  {
    name: "no answer, up to the deadline",
    async play(stage) {
      const { gb, plugin } = await tracked(stage, ["hang", 200]);
      stage.settles("first", gb.logEvent("first"));
      await stage.advance(5_000);
      stage.settles("second", gb.logEvent("second"));
      await stage.advance(10_000);
      count(stage, plugin);
      gb.destroy();
    },
  },
  {
    name: "destroy sends what is queued, while a request has no answer and then none at all",
    async play(stage) {
      const { gb, plugin } = await tracked(stage, ["hang", 200]);
      stage.settles("first", gb.logEvent("first"));
      await stage.advance(500);
      stage.settles("second", gb.logEvent("second"));
      gb.destroy();
      await stage.advance(0);
      stage.settles("third", gb.logEvent("third"));
      count(stage, plugin);
      await stage.advance(5_000);
      stage.server.connections("refused");
      await stage.advance(10_000);
      count(stage, plugin);
    },
  },
  {
    name: "a fetch of the user's, which answers, fails and hangs",
    async play(stage) {
      const { gb, plugin } = await tracked(stage, []);
      const answers = [
        async () => new Response(null, { status: 200 }),
        async () => new Response(null, { status: 503 }),
        () => Promise.reject(new Error("no network")),
      ];
      const fetch = (url: string, { signal, ...init }: RequestInit): Promise<Response> => {
        stage.note("fetch", url, init);
        const hangs = (): Promise<never> =>
          new Promise((_, reject) => {
            signal?.addEventListener("abort", () => reject(signal.reason));
          });
        return (answers.shift() ?? hangs)();
      };
      setPolyfills({ fetch });
      for (let i = 0; i < 4; i++) {
        stage.settles(`logEvent ${i}`, gb.logEvent("event", { i }));
        await stage.advance(1_000);
      }
      await stage.advance(10_000);
      count(stage, plugin);
      gb.destroy();
    },
  },
  {
    name: "a fetch of the user's, which never ends",
    async play(stage) {
      const { gb, plugin } = await tracked(stage, []);
      setPolyfills({ fetch: () => new Promise(() => {}) });
      stage.settles("logEvent", gb.logEvent("event"));
      await stage.advance(11_000);
      count(stage, plugin);
      gb.destroy();
    },
  },
];
