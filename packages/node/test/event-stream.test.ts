import { setTimeout as sleep } from "node:timers/promises";
import type { AbortSignalLike } from "@sortition/core";
import { afterEach, describe, expect, it } from "vitest";
import type { StreamEvent } from "../src/http/stream/event-parser.js";
import { type EventStream, openEventStream } from "../src/http/stream/event-stream.js";
import type {
  EventStreamFailure,
  EventStreamOptions,
} from "../src/http/stream/event-stream-options.js";
import { startConnectProxy } from "./support/connect-proxy.js";
import {
  type EventResponder,
  type EventServer,
  startEventServer,
  stream,
} from "./support/event-server.js";

interface Observed {
  readonly stream: EventStream;
  readonly events: readonly StreamEvent[];
  readonly failures: readonly EventStreamFailure[];
  data(): readonly string[];
}

describe("openEventStream", () => {
  let server: EventServer | null = null;
  let opened: EventStream | null = null;

  afterEach(async () => {
    opened?.close();
    await server?.[Symbol.asyncDispose]();
  });

  async function serve(respond: EventResponder): Promise<EventServer> {
    server = await startEventServer(respond);
    return server;
  }

  /** Opens a stream without jitter and with the shortest delay. */
  function observe(url: URL, options: Partial<EventStreamOptions> = {}): Observed {
    const events: StreamEvent[] = [];
    const failures: EventStreamFailure[] = [];
    const { onEvent = () => {}, onError = () => {}, ...rest } = options;
    opened = openEventStream({
      url,
      random: () => 0,
      retryMs: 1,
      onEvent(event) {
        events.push(event);
        onEvent(event);
      },
      onError(failure) {
        failures.push(failure);
        onError(failure);
      },
      ...rest,
    });
    return { stream: opened, events, failures, data: () => events.map(({ data }) => data) };
  }

  it("passes on events as they are received, and reports that it is open", async () => {
    let send = (_: string): void => {};
    const { url } = await serve((response) => {
      stream(response);
      send = (text) => void response.write(text);
    });
    let opens = 0;
    const observed = observe(url, { onOpen: () => void opens++ });
    expect(observed.stream.state).toBe("connecting");
    await expect.poll(() => observed.stream.state).toBe("open");
    send("id: 7\nevent: flags\nda");
    await sleep(20);
    expect(observed.events).toEqual([]);
    send("ta: é\n\n");
    const bytes = new TextEncoder().encode("é");
    const event = { type: "flags", data: "é", bytes, lastEventId: "7" };
    await expect.poll(() => observed.events).toEqual([event]);
    expect(observed.stream.lastEventId).toBe("7");
    expect([opens, observed.failures]).toEqual([1, []]);
  });

  it("sends the caller's headers and its own", async () => {
    const { url, requests } = await serve((response) => void stream(response));
    const headers = { authorization: "Bearer x", accept: "*/*" };
    const observed = observe(url, { headers, lastEventId: "é 1" });
    await expect.poll(() => observed.stream.state).toBe("open");
    expect(requests).toMatchObject([
      { authorization: "Bearer x", accept: "text/event-stream", "accept-encoding": "identity" },
    ]);
    expect(Buffer.from(String(requests[0]?.["last-event-id"]), "latin1").toString()).toBe("é 1");
  });

  it("does not resume from an event if the caller disables it", async () => {
    const { url, requests } = await serve((response, index) => {
      stream(response, `id: ${index}\ndata: a\n\n`);
      if (index === 0) response.end();
    });
    const observed = observe(url, { lastEventId: null });
    await expect.poll(() => observed.data()).toEqual(["a", "a"]);
    expect(requests.map((headers) => headers["last-event-id"])).toEqual([undefined, undefined]);
    expect(observed.stream.lastEventId).toBe("1");
  });

  it.each<{ how: string; end: EventResponder; cause: unknown; problem: string }>([
    {
      how: "ends",
      end: (response) => void response.end(),
      cause: null,
      problem: "the event stream of ORIGIN ended",
    },
    {
      how: "is reset",
      end: (response) => void response.socket?.resetAndDestroy(),
      cause: { code: "ECONNRESET" },
      problem: "the answer from ORIGIN was cut off (ECONNRESET)",
    },
    {
      how: "is cut",
      end: (response) => void response.socket?.end(),
      cause: { code: "ECONNRESET" },
      problem: "the answer from ORIGIN was cut off (ECONNRESET)",
    },
  ])(
    "reconnects when the connection $how, and resumes from the last event",
    async ({ cause, end, problem }) => {
      const { url, requests } = await serve((response, index) => {
        if (index > 0) {
          stream(response, "data: b\ndata: c\n\n");
          return;
        }
        // The second event is lost with the connection.
        stream(response, "id: 1\ndata: a\n\nid: 2\ndata: b\n");
        setTimeout(() => end(response, index), 50);
      });
      const observed = observe(url);
      await expect.poll(observed.data).toEqual(["a", "b\nc"]);
      expect(requests.map((headers) => headers["last-event-id"])).toEqual([undefined, "1"]);
      const message = expect.stringContaining(problem.replace("ORIGIN", url.origin));
      const error = { code: "SORTITION_NETWORK", message, cause };
      expect(observed.failures).toMatchObject([{ state: "waiting", nextAttemptInMs: 100, error }]);
      expect(observed.stream.state).toBe("open");
    },
  );

  it.each([
    { status: 204, code: "SORTITION_HTTP_STATUS", answer: "answered with status 204" },
    { status: 401, code: "SORTITION_UNAUTHORIZED", answer: "answered with status 401" },
    { status: 403, code: "SORTITION_UNAUTHORIZED", answer: "answered with status 403" },
    { status: 404, code: "SORTITION_HTTP_STATUS", answer: "answered with status 404" },
    { status: 302, code: "SORTITION_PROTOCOL", answer: "redirected to another origin" },
  ])("closes permanently on $status, and names the server", async ({ answer, code, status }) => {
    const { url, requests } = await serve((response) => {
      response.writeHead(status, { location: "https://elsewhere.example/" }).end();
    });
    const observed = observe(url);
    await expect.poll(() => observed.stream.state).toBe("closed");
    expect(observed.failures).toMatchObject([
      { state: "closed", nextAttemptInMs: null, error: { code } },
    ]);
    expect(observed.failures[0]?.error.message).toContain(`${url.origin} ${answer}`);
    await sleep(250);
    expect(requests).toHaveLength(1);
  });

  it.each<{ what: string; headers: Record<string, string>; problem: string }>([
    {
      what: "another content type",
      headers: { "content-type": "text/html" },
      problem: "is not an event stream",
    },
    { what: "no content type", headers: {}, problem: "is not an event stream" },
    {
      what: "an encoding that was not requested",
      headers: { "content-type": "text/event-stream", "content-encoding": "gzip" },
      problem: "has an encoding that was not requested",
    },
  ])("closes permanently on $what", async ({ headers, problem }) => {
    const { url } = await serve((response) => {
      response.writeHead(200, headers).write("data: a\n\n");
    });
    const observed = observe(url);
    await expect.poll(() => observed.stream.state).toBe("closed");
    const message = `the answer of ${url.origin} ${problem}`;
    expect(observed.failures).toMatchObject([{ error: { code: "SORTITION_PROTOCOL", message } }]);
    expect(observed.events).toEqual([]);
  });

  it.each([400, 408, 425, 429, 500, 503])("reconnects after %i", async (status) => {
    const { url } = await serve((response, index) => {
      if (index > 0) stream(response, "data: a\n\n");
      else response.writeHead(status).end();
    });
    const observed = observe(url);
    await expect.poll(observed.data).toEqual(["a"]);
    const error = { code: "SORTITION_HTTP_STATUS", httpStatus: status };
    expect(observed.failures).toMatchObject([{ state: "waiting", nextAttemptInMs: 100, error }]);
  });

  it("follows a redirect to the same origin", async () => {
    const { url } = await serve((response, index) => {
      if (index === 0) response.writeHead(307, { location: "/other" }).end();
      else stream(response, "data: a\n\n");
    });
    const observed = observe(url);
    await expect.poll(observed.data).toEqual(["a"]);
    expect(observed.failures).toEqual([]);
  });

  it("reconnects when the server cannot be reached", async () => {
    const { url, [Symbol.asyncDispose]: stop } = await startEventServer(() => {});
    await stop();
    const observed = observe(url);
    await expect.poll(() => observed.failures.length).toBe(2);
    expect(observed.failures[0]?.error.message).toBe(
      `no answer from ${new URL(url).origin} (ECONNREFUSED): is the network up?`,
    );
  });

  it("closes permanently when an event is too large", async () => {
    const { url } = await serve((response) => {
      stream(response, `data: a\n\ndata: ${"x".repeat(2_000)}`);
    });
    const observed = observe(url, { maxEventBytes: 1_024 });
    await expect.poll(() => observed.stream.state).toBe("closed");
    expect(observed.data()).toEqual(["a"]);
    const message = `an event from ${url.origin} has more than 1024 bytes`;
    expect(observed.failures).toMatchObject([
      { error: { code: "SORTITION_BODY_TOO_LARGE", message } },
    ]);
  });

  it("reports a callback that throws, and continues", async () => {
    const { url } = await serve((response) => {
      stream(response, "data: a\n\ndata: b\n\n");
    });
    const cause = new Error("no");
    const observed = observe(url, {
      onEvent() {
        throw cause;
      },
      onError() {
        throw cause;
      },
    });
    await expect.poll(observed.data).toEqual(["a", "b"]);
    const failure = { state: "open", nextAttemptInMs: null, error: { cause } };
    expect(observed.failures).toMatchObject([failure, failure]);
    expect(observed.stream.state).toBe("open");
  });

  it("calls nothing after close, not even for events already received", async () => {
    const { url } = await serve((response) => {
      stream(response, "data: a\n\ndata: b\n\n");
    });
    const observed = observe(url, { onEvent: () => opened?.close() });
    await expect.poll(observed.data).toEqual(["a"]);
    expect(observed.stream.state).toBe("closed");
    await expect.poll(() => server?.openConnections).toBe(0);
    expect(observed.data()).toEqual(["a"]);
    expect(observed.failures).toEqual([]);
  });

  it.each<{ when: string; respond: EventResponder; until: EventStream["state"] }>([
    { when: "connecting", respond: () => {}, until: "connecting" },
    { when: "open", respond: (response) => void stream(response), until: "open" },
    {
      when: "waiting",
      respond: (response) => void response.writeHead(500).end(),
      until: "waiting",
    },
  ])("ends immediately when its signal is aborted while $when", async ({ respond, until }) => {
    const { url, requests } = await serve(respond);
    const controller = new AbortController();
    const observed = observe(url, { signal: controller.signal, retryMs: 600_000 });
    await expect.poll(() => requests.length).toBe(1);
    await expect.poll(() => observed.stream.state).toBe(until);
    const reported = observed.failures.length;
    controller.abort();
    expect(observed.stream.state).toBe("closed");
    await expect.poll(() => server?.openConnections).toBe(0);
    expect(observed.failures).toHaveLength(reported);
  });

  it("does nothing when its signal is already aborted", async () => {
    const { url, requests } = await serve(() => {});
    const observed = observe(url, { signal: AbortSignal.abort() });
    expect(observed.stream.state).toBe("closed");
    await sleep(50);
    expect(requests).toEqual([]);
  });

  it("leaves no listener on its signal", async () => {
    const listeners = new Set<unknown>();
    const signal = {
      aborted: false,
      addEventListener: (_: string, listener: unknown) => void listeners.add(listener),
      removeEventListener: (_: string, listener: unknown) => void listeners.delete(listener),
    } as AbortSignalLike;
    const { url } = await serve((response) => void stream(response).end());
    const observed = observe(url, { signal });
    await expect.poll(() => observed.failures.length).toBe(3);
    expect(listeners.size).toBe(1);
    observed.stream.close();
    expect(listeners.size).toBe(0);
  });

  it("connects through a proxy", async () => {
    await using proxy = await startConnectProxy();
    const { url } = await serve((response) => {
      stream(response, "data: a\n\n");
    });
    const observed = observe(url, { proxy: proxy.url });
    await expect.poll(observed.data).toEqual(["a"]);
    expect(proxy.requests).toHaveLength(1);
  });

  it.each<{ options: object; option: string }>([
    { options: { url: "http://x.example" }, option: "url" },
    { options: { headers: 5 }, option: "headers" },
    { options: { lastEventId: 5 }, option: "lastEventId" },
    { options: { onEvent: undefined }, option: "onEvent" },
    { options: { onError: 5 }, option: "onError" },
    { options: { silenceMs: 0 }, option: "silenceMs" },
    { options: { maxEventBytes: 1 }, option: "maxEventBytes" },
    { options: { retryMs: -1 }, option: "retryMs" },
    { options: { clock: 5 }, option: "clock" },
    { options: { proxy: "x", dispatcher: { dispatch() {} } }, option: "proxy" },
    { options: { onevent() {} }, option: "onevent" },
  ])("refuses $options", ({ options, option }) => {
    const valid = { url: new URL("http://127.0.0.1:1"), onEvent() {} };
    const open = (): unknown => openEventStream({ ...valid, ...options });
    expect(open).toThrow(expect.objectContaining({ option }));
  });
});
