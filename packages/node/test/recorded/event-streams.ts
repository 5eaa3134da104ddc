import type { ScriptedReply, Situation, Stage } from "@sortition/dialect-kit/request-recorder";
import { type EventStream, type EventStreamOptions, openEventStream } from "../../src/internal.js";

/** Opens a stream of a server that sends the given replies. */
function openStream(
  stage: Stage,
  replies: readonly ScriptedReply[],
  options: Partial<EventStreamOptions> = {},
): EventStream {
  stage.server.on("/events", ...replies);
  const stream = openEventStream({
    url: new URL("http://events.test/events"),
    onOpen: () => stage.note("open"),
    onEvent: ({ data, lastEventId, type }) => stage.note("event", type, data, lastEventId),
    onError: ({ error, nextAttemptInMs, state }) =>
      stage.note("error", error, state, nextAttemptInMs),
    ...options,
  });
  stage.finally(() => stream.close());
  return stream;
}

function play(replies: readonly ScriptedReply[], ms: number) {
  return async (stage: Stage): Promise<void> => {
    const stream = openStream(stage, replies);
    await stage.advance(ms);
    stream.close();
  };
}

/** Event streams that reconnect. */
export const EVENT_STREAMS: readonly Situation[] = [
  {
    name: "events, an end, and a connection that continues from the last id",
    async play(stage) {
      const stream = openStream(stage, ["stream"]);
      await stage.advance(0);
      stage.server.streams[0]?.write("id: 7\nevent: put\ndata: 1\n\nretry: 3000\n\n");
      await stage.advance(5_000);
      stage.server.streams[0]?.end();
      await stage.advance(5_000);
      stage.server.streams[0]?.send("2");
      await stage.advance(100);
      stage.server.streams[0]?.reset();
      await stage.advance(5_000);
      stream.close();
    },
  },
  {
    name: "silence of a minute, comments that end it",
    async play(stage) {
      const stream = openStream(stage, ["stream"]);
      await stage.advance(50_000);
      stage.server.streams[0]?.write(": here\n\n");
      await stage.advance(120_000);
      stream.close();
    },
  },
  {
    name: "failures, more and more slowly",
    play: play([500, "reset", 500, 500, 500, "stream"], 60_000),
  },
  {
    name: "429 with Retry-After",
    play: play([{ status: 429, headers: { "retry-after": "20" } }, "stream"], 30_000),
  },
  { name: "no answer within the deadline", play: play(["hang", "stream"], 20_000) },
  { name: "204, which is final", play: play([204, "stream"], 20_000) },
  { name: "401, which is final", play: play([401, "stream"], 20_000) },
  { name: "another content type", play: play([{ body: "{}" }, "stream"], 20_000) },
];
