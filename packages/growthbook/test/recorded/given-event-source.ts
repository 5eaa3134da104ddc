import type { Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import { helpers, setPolyfills } from "../../src/index.js";
import { FEATURES, instance, look, payload, streamed } from "./client.js";

type Listener = (event: { readonly type: string; readonly data?: string }) => void;

/** A user's `EventSource` whose events the situation sends. */
class GivenEventSource {
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly #listeners = new Map<string, Listener>();

  constructor(readonly onClosed: () => void) {}

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, listener);
  }

  close(): void {
    this.onClosed();
  }

  send(type: string, data?: string): void {
    this.#listeners.get(type)?.({ type, ...(data === undefined ? {} : { data }) });
  }
}

/** Sets an `EventSource`, and returns the created objects, newest last. */
function giveEventSource(stage: Stage, canBeMade: () => boolean = () => true): GivenEventSource[] {
  const made: GivenEventSource[] = [];
  function EventSource(url: string, options?: object): GivenEventSource {
    stage.note("new EventSource", url, options);
    if (!canBeMade()) throw new Error("no window");
    const source = new GivenEventSource(() => stage.note("EventSource closed"));
    made.push(source);
    return source;
  }
  setPolyfills({ EventSource });
  return made;
}

/** How instances follow an `EventSource` that the user has set. */
export const GIVEN_EVENT_SOURCE: readonly Situation[] = [
  {
    name: "errors that it recovers from, and more of them, with polls and back-off",
    async play(stage) {
      stage.server.on(FEATURES, streamed("a"), streamed("b"));
      const made = giveEventSource(stage);
      const gb = instance(stage);
      stage.settles("init", gb.init({ streaming: true }));
      await stage.advance(1_000);
      made[0]?.onopen?.();
      for (let i = 0; i < 4; i++) {
        made.at(-1)?.onerror?.();
        await stage.advance(1_000);
      }
      for (let i = 0; i < 4; i++) {
        await stage.advance(30_000);
        made.at(-1)?.onerror?.();
      }
      await stage.advance(90_000);
      made.at(-1)?.onopen?.();
      await stage.advance(90_000);
      look(stage, gb);
      gb.destroy();
      await stage.advance(6_000);
    },
  },
  {
    name: "one that is closed by an error, and one that cannot be made again",
    async play(stage) {
      stage.server.on(FEATURES, streamed("a"), streamed("b"));
      let tries = 0;
      const made = giveEventSource(stage, () => ++tries !== 2);
      const gb = instance(stage);
      stage.settles("init", gb.init({ streaming: true }));
      await stage.advance(1_000);
      made[0]?.onopen?.();
      Object.assign(made[0] ?? {}, { readyState: 2 });
      made[0]?.onerror?.();
      await stage.advance(60_000);
      made.at(-1)?.onopen?.();
      await stage.advance(60_000);
      gb.destroy();
      await stage.advance(6_000);
    },
  },
  {
    name: "features that are no JSON, features-updated",
    async play(stage) {
      stage.server.on(FEATURES, streamed("a"), streamed("b"));
      const made = giveEventSource(stage);
      const gb = instance(stage);
      stage.settles("init", gb.init({ streaming: true }));
      await stage.advance(1_000);
      made[0]?.onopen?.();
      made[0]?.send("features", "<html>");
      await stage.advance(100);
      made[0]?.send("features-updated");
      await stage.advance(100);
      look(stage, gb);
      await stage.advance(70_000);
      gb.destroy();
      await stage.advance(6_000);
    },
  },
  {
    name: "a helper that opens it",
    async play(stage) {
      stage.server.on(FEATURES, streamed("a"));
      const gb = instance(stage);
      const source = new GivenEventSource(() => stage.note("EventSource closed"));
      helpers.eventSourceCall = (call) => {
        stage.note("eventSourceCall", call);
        return source;
      };
      stage.settles("init", gb.init({ streaming: true }));
      await stage.advance(1_000);
      source.onopen?.();
      source.send("features", JSON.stringify(payload("c")));
      await stage.advance(0);
      look(stage, gb);
      gb.destroy();
      await stage.advance(6_000);
    },
  },
];
