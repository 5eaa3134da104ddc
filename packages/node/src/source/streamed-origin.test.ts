import {
  type ConfigurationOrigin,
  type Dialect,
  type Failure,
  type FetchResult,
  HttpStatusError,
  NetworkError,
  type PayloadSet,
} from "@sortition/core/internal";
import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import type { OpenHow, StreamLink, StreamPlan } from "./stream-plan.js";
import { streamedOrigin } from "./streamed-origin.js";

const LOST: Failure = {
  kind: "transient",
  error: new NetworkError("the connection broke", null),
  retryAfterMs: null,
};
const { signal } = new AbortController();

function setOf(content: string): PayloadSet {
  const bytes = Buffer.from(content);
  return [{ part: "flags", bytes, etag: null, fetchedAtMs: 0, from: "network" }];
}

function contentOf(result: FetchResult): string {
  if (result.kind !== "payloads") return result.kind;
  return Buffer.from(result.payloads[0]?.bytes ?? "").toString();
}

/** Creates an origin whose requests return `answers`, and whose stream is played by the test. */
function setUp(plan: Partial<StreamPlan> = {}) {
  const clock = createFakeClock();
  const calls: string[] = [];
  const opened: { link: StreamLink; how: OpenHow; isClosed: boolean }[] = [];
  const answers: FetchResult[] = [];
  const inner: ConfigurationOrigin = {
    dialect: { name: "test" } as unknown as Dialect, // a source reads nothing else of it
    scope: "00",
    requestTimeoutMs: 7,
    fetchOnce: async () => {
      calls.push("request");
      return answers.shift() ?? { kind: "payloads", payloads: setOf("polled") };
    },
    release: () => void calls.push("release"),
  };
  const origin = streamedOrigin(inner, {
    open(link, how) {
      const connection = { link, how, isClosed: false };
      opened.push(connection);
      return {
        close() {
          connection.isClosed = true;
        },
      };
    },
    read({ data, type }) {
      if (type === "message") return { kind: "payloads", payloads: setOf(data) };
      if (type === "all") return { kind: "payloads", payloads: setOf(data), isWhole: true };
      if (type === "garbage") throw new SyntaxError(`unexpected token in ${data}`);
      return { kind: type as "fetch" };
    },
    server: "https://stream.test",
    startsWith: "stream",
    readyMs: 2_000,
    onGarbage: "reopen",
    silenceMs: 17_000,
    reopenMs: ({ inARow, wasUp }) => (wasUp ? 0 : 15_000 * inARow),
    ...plan,
  });
  const report = (message: string, facts: object = {}): void =>
    void calls.push(`${message} ${Object.values(facts).join(" ")}`.trim());
  const listener = {
    up: () => void calls.push("up"),
    down: ({ error }: Failure) => void calls.push(`down: ${error.message}`),
    changed: (news: string) => void calls.push(`changed: ${news}`),
  };
  const diagnostics = { debug() {}, info: report, warn: report, error: report };
  const ports = { clock, random: () => 0.5, diagnostics };
  return {
    clock,
    opened,
    answers,
    origin,
    /** Returns the calls since the last time. */
    calls: () => calls.splice(0),
    follow: () => origin.follow?.(listener, ports) ?? (() => {}),
    fetch: async (current: PayloadSet | null = null) =>
      contentOf(await origin.fetchOnce(current, { signal })),
    send: (data: string, type = "message", lastEventId = "") =>
      opened.at(-1)?.link.event({ data, type, lastEventId }),
    link: () => opened.at(-1)?.link as StreamLink,
  };
}

async function setUpStreaming(plan: Partial<StreamPlan> = {}) {
  const world = setUp(plan);
  const end = world.follow();
  if (plan.startsWith === "fetch") await world.fetch();
  world.link().opened();
  if (plan.startsWith === "fetch") await world.fetch();
  else {
    world.send("a", "all");
    await world.fetch();
  }
  world.calls();
  return { ...world, end };
}

type World = Awaited<ReturnType<typeof setUpStreaming>>;

describe("streamedOrigin", () => {
  it("behaves like its polled origin until it is followed", async () => {
    const { calls, fetch, opened, origin } = setUp();
    expect(origin).toMatchObject({ scope: "00", requestTimeoutMs: 7 });
    expect(await fetch()).toBe("polled");
    origin.release?.();
    expect([calls(), opened]).toEqual([["request", "release"], []]);
    const none = { isUp: false, opened: 0, lost: 0, events: 0, bytes: 0 };
    expect(origin.stream).toEqual(none);
  });

  describe("with a plan that starts with the stream", () => {
    it("limits the time from the start of a connection, however late it is established", async () => {
      const { calls, clock, follow, link, opened } = setUp();
      follow();
      await clock.advance(1_500);
      link().opened();
      await clock.advance(499);
      expect(calls()).toEqual([]);
      await clock.advance(1);
      expect([opened[0]?.isClosed, calls().length]).toEqual([true, 2]);
    });

    it("restarts that limit for a connection that reconnects on its own", async () => {
      const { clock, follow, link, opened } = setUp();
      follow();
      link().down(LOST);
      await clock.advance(60_000);
      link().opened();
      await clock.advance(1_999);
      expect(opened).toHaveLength(1);
      await clock.advance(1);
      expect(opened[0]?.isClosed).toBe(true);
    });

    it.each([
      { what: "never opens", play: () => {} },
      {
        what: "opens and stays silent",
        play: (it: ReturnType<typeof setUp>) => it.link().opened(),
      },
      {
        what: "only sends signs of life",
        play: ({ link, send }: ReturnType<typeof setUp>) => {
          link().opened();
          link().alive();
          send("", "alive");
        },
      },
    ])("requests after waitMs while a stream $what, which stays open", async ({ play }) => {
      const world = setUp({ waitMs: 1_000, silenceMs: null });
      world.follow();
      const first = world.fetch();
      play(world);
      await world.clock.advance(999);
      expect(world.calls()).toEqual([]);
      await world.clock.advance(1);
      expect([await first, world.calls(), world.opened[0]?.isClosed]).toEqual([
        ...["polled", ["request"], false],
      ]);
      world.send("a", "all");
      expect([await world.fetch(), world.opened.length]).toEqual(["a", 1]);
    });

    it("does not wait for a stream that the plan does not open", async () => {
      const { calls, fetch, follow, opened } = setUp({ mayOpen: () => false });
      follow();
      expect([await fetch(), calls(), opened]).toEqual(["polled", ["request"], []]);
    });

    it("stops waiting when the first event asks for a request", async () => {
      const { calls, fetch, follow, send } = setUp();
      follow();
      const first = fetch();
      send("", "fetch");
      expect([await first, calls()]).toEqual(["polled", ["changed: fetch", "request"]]);
    });

    it("stops waiting when the attempt is aborted, and makes a request when the run ends", async () => {
      const { fetch, follow, origin } = setUp();
      const end = follow();
      const aborted = new AbortController();
      const attempts = [origin.fetchOnce(null, aborted), fetch()];
      aborted.abort();
      expect(await attempts[0]).toMatchObject({ kind: "failed" });
      end();
      expect(await attempts[1]).toBe("polled");
    });
  });

  describe("with a plan that starts with a request", () => {
    const plan = { startsWith: "fetch", readyMs: null, silenceMs: null } as const;

    it("opens the stream after the first request if the plan allows it", async () => {
      let mayOpen = false;
      const { fetch, follow, opened } = setUp({ ...plan, mayOpen: () => mayOpen });
      follow();
      expect([await fetch(), opened.length]).toEqual(["polled", 0]);
      mayOpen = true;
      expect([await fetch(), opened.length]).toEqual(["polled", 1]);
    });

    it("requests changes from before the stream was open at the next attempt", async () => {
      const { calls, fetch, follow, link } = setUp(plan);
      follow();
      await fetch();
      link().opened();
      await fetch();
      expect(calls()).toEqual(["request", "up", "request"]);
      expect([await fetch(setOf("polled")), calls()]).toEqual(["unchanged", []]);
    });

    it("immediately requests changes from an interruption", async () => {
      const { calls, fetch, link } = await setUpStreaming(plan);
      link().down(LOST);
      link().down(LOST);
      expect(calls()).toEqual([
        "stream lost, polling SORTITION_NETWORK the connection broke",
        "down: the connection broke",
      ]);
      link().opened();
      expect(calls()).toEqual(["up", "changed: fetch"]);
      expect([await fetch(), calls()]).toEqual(["polled", ["request"]]);
      link().alive();
      link().alive();
      expect(calls()).toEqual(["stream is back 0"]);
    });

    it("reports one outage, however many connections open in it without delivering anything", async () => {
      const { calls, link, send } = await setUpStreaming(plan);
      for (let i = 0; i < 3; i++) {
        link().down(LOST);
        link().opened();
      }
      send("b");
      expect(calls().filter((call) => call.startsWith("stream"))).toEqual([
        "stream lost, polling SORTITION_NETWORK the connection broke",
        "stream is back 0",
      ]);
    });

    it("serves changes from the stream while requests fail, and keeps requesting", async () => {
      const { answers, calls, fetch, send } = await setUpStreaming(plan);
      const error = new HttpStatusError(500, null);
      for (let i = 0; i < 2; i++) {
        answers.push({ kind: "failed", failure: { kind: "transient", error, retryAfterMs: null } });
      }
      send("", "fetch");
      expect(await fetch()).toBe("failed");
      send("b");
      expect(await fetch()).toBe("b");
      expect(calls()).toEqual(["changed: fetch", "request", "changed: payloads", "changed: fetch"]);
      expect(await fetch()).toBe("failed");
      expect(await fetch()).toBe("polled");
      expect([await fetch(setOf("polled")), calls()]).toEqual([
        "unchanged",
        ["request", "request"],
      ]);
    });
  });

  describe("after a stream that was up is lost", () => {
    const asked = (calls: readonly string[]): number =>
      calls.filter((call) => call === "changed: fetch").length;

    it("asks for one request if it is not back within seconds", async () => {
      const { calls, clock, link } = await setUpStreaming({ reopenMs: () => 15_000 });
      link().ended(LOST);
      await clock.advance(4_499);
      expect(asked(calls())).toBe(0);
      await clock.advance(1);
      expect(asked(calls())).toBe(1);
      await clock.advance(600_000);
      expect(asked(calls())).toBe(0);
    });

    it.each<{ what: string; meanwhile: (world: World) => unknown }>([
      {
        what: "it is back",
        meanwhile: ({ link, send }) => {
          link().opened();
          send("b", "all");
        },
      },
      { what: "a request was answered", meanwhile: ({ fetch }) => fetch() },
      { what: "it is no longer followed", meanwhile: ({ end }) => end() },
    ])("asks for none if $what", async ({ meanwhile }) => {
      const world = await setUpStreaming({ reopenMs: () => 1_000 });
      world.link().ended(LOST);
      await world.clock.advance(1_000);
      await meanwhile(world);
      world.calls();
      await world.clock.advance(10_000);
      expect(asked(world.calls())).toBe(0);
    });
  });

  it("asks for no additional request if the stream was never up", async () => {
    const { calls, clock, follow, link } = setUp();
    follow();
    link().ended(LOST);
    await clock.advance(10_000);
    expect(calls()).not.toContain("changed: fetch");
  });

  it("requests nothing after an event with the whole configuration", async () => {
    const { calls, fetch, send } = await setUpStreaming();
    send("", "fetch");
    const asked = fetch();
    send("b", "all");
    expect([await asked, calls()]).toEqual([
      "b",
      ["changed: fetch", "request", "changed: payloads"],
    ]);
    expect([await fetch(setOf("b")), calls()]).toEqual(["unchanged", []]);
  });

  it("does not abort an attempt that completes a change, but delays the next one", async () => {
    const held: (PayloadSet | null)[] = [];
    const ends: (() => void)[] = [];
    const { calls, fetch, follow, send } = setUp({
      async complete(payloads, current) {
        held.push(current);
        await new Promise<void>((resolve) => void ends.push(resolve));
        return {
          kind: "payloads",
          payloads: setOf(`${contentOf({ kind: "payloads", payloads })}+`),
        };
      },
    });
    follow();
    send("a");
    calls();
    const current = setOf("a+");
    const first = fetch(current);
    send("b");
    expect(calls()).toEqual(["changed: fetch"]);
    ends[0]?.();
    expect(await first).toBe("a+");
    const second = fetch();
    ends[1]?.();
    expect([await second, held]).toEqual(["b+", [current, null]]);
  });

  it("treats the stream as lost when no payloads or signs of life are received", async () => {
    const { calls, clock, opened, origin, send } = await setUpStreaming();
    await clock.advance(16_000);
    send("", "alive");
    await clock.advance(16_000);
    send("", "ignored");
    await clock.advance(999);
    expect(calls()).toEqual([]);
    await clock.advance(1);
    const reason = "nothing was received from https://stream.test for 17000 ms";
    expect(calls()).toEqual([
      `stream lost, polling SORTITION_NETWORK ${reason}`,
      `down: ${reason}`,
    ]);
    expect(opened.map(({ how, isClosed }) => [how.why, isClosed])).toEqual([
      ["start", true],
      ["lost", false],
    ]);
    expect(origin.stream).toMatchObject({ isUp: false, opened: 1, lost: 1 });
  });

  it("reopens after an unusable event, without quoting it", async () => {
    const { calls, opened, send } = await setUpStreaming();
    send("secret", "garbage");
    const reason = "an event of the stream of https://stream.test cannot be used";
    expect(calls()).toEqual([
      `stream lost, polling SORTITION_PROTOCOL ${reason}`,
      `down: ${reason}`,
    ]);
    expect(opened.at(-1)?.how.why).toBe("lost");
  });

  it("replaces a connection at the end of its lifetime without an interruption", async () => {
    const { calls, clock, fetch, opened, origin, send } = await setUpStreaming({
      lifeMs: (u) => 20_000 * u,
      silenceMs: null,
    });
    await clock.advance(10_000);
    expect(opened.map(({ how, isClosed }) => [how.why, isClosed])).toEqual([
      ["start", true],
      ["replace", false],
    ]);
    expect([await fetch(setOf("a")), calls()]).toEqual(["unchanged", []]);
    send("b");
    expect([await fetch(), calls()]).toEqual(["b", ["changed: payloads"]]);
    expect(origin.stream).toMatchObject({ isUp: true, opened: 1, lost: 0 });
    // A connection that cannot be replaced is lost.
    await clock.advance(10_000 + 2_000);
    expect(origin.stream).toMatchObject({ isUp: false, opened: 1, lost: 1 });
  });

  it("resumes from the last event, unless a request was answered in the meantime", async () => {
    const { clock, fetch, link, opened, send } = await setUpStreaming({
      reopenMs: () => 1,
    });
    const cut = async (): Promise<string | undefined> => {
      link().ended(LOST);
      await clock.advance(1);
      return opened.at(-1)?.how.lastEventId;
    };
    send("b", "message", "7");
    expect(await cut()).toBe("7");
    send("c", "message", "8");
    link().ended(LOST);
    await fetch();
    await fetch();
    await clock.advance(1);
    expect(opened.at(-1)?.how.lastEventId).toBe("");
    send("d", "message", "9");
    expect(await cut()).toBe("");
    send("e", "all", "10");
    send("f", "message", "11");
    expect(await cut()).toBe("11");
  });

  it("ignores calls from a connection that it has closed", async () => {
    const { calls, clock, end, opened, send } = await setUpStreaming();
    const [first] = opened;
    first?.link.ended(LOST);
    await clock.advance(0);
    send("b");
    calls();
    first?.link.event({ type: "message", data: "old", lastEventId: "" });
    first?.link.ended(LOST);
    end();
    send("c");
    expect([calls(), opened.map(({ isClosed }) => isClosed)]).toEqual([[], [true, true]]);
    expect(clock.pending).toEqual([]);
  });

  it("treats an `open` that throws or ends immediately as a connection that ended", async () => {
    let opens = 0;
    const closed: number[] = [];
    const { calls, clock, fetch, follow } = setUp({
      open(link) {
        opens += 1;
        if (opens === 1) throw new Error("no sockets");
        link.ended(LOST);
        return { close: () => void closed.push(opens) };
      },
    });
    follow();
    expect(await fetch()).toBe("polled");
    expect(calls()).toEqual([
      "stream lost, polling SORTITION_NETWORK the request failed",
      "down: the request failed",
      "request",
    ]);
    await clock.advance(15_000);
    expect([opens, closed]).toEqual([2, [2]]);
  });

  it("opens no connection after its plan gives up, until the next request", async () => {
    const { clock, fetch, follow, link, opened } = setUp({ reopenMs: () => null });
    follow();
    link().ended(LOST);
    await clock.advance(86_400_000);
    expect([opened.length, clock.pending]).toEqual([1, []]);
    await fetch();
    expect(opened).toHaveLength(2);
  });

  it("refuses a second follower, but accepts one after the first has ended", async () => {
    const { calls, follow, opened } = setUp();
    const end = follow();
    follow()();
    const reason = "origin: its stream is already in use: create one origin for each source";
    expect(calls()).toEqual([`stream lost, polling SORTITION_OPTION ${reason}`, `down: ${reason}`]);
    expect(opened.map(({ isClosed }) => isClosed)).toEqual([false]);
    end();
    follow();
    expect(opened.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });
});
