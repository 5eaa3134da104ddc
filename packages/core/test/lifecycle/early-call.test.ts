import { describe, expect, it } from "vitest";
import { NetworkError } from "../../src/errors/errors.js";
import { failureOf, messagesOf, type SetUp, setUp } from "./set-up.js";

const EVALUATED = 'flag "f" evaluated before ready: default returned; ';

describe("lifecycle §7 fault 44: the report of a call before the first configuration", () => {
  const cases: readonly {
    readonly what: string;
    readonly options?: Parameters<typeof setUp>[0];
    readonly before: (made: SetUp) => unknown;
    readonly said: string;
  }[] = [
    {
      what: "nobody has waited",
      before() {},
      said: "await init(…) or client.waitForInitialization() first",
    },
    {
      what: "there is no source",
      options: { source: undefined },
      before() {},
      said: "the client has no source: pass a source or an initialConfiguration, or call setConfiguration first",
    },
    {
      what: "the key is refused",
      before: ({ source }) => source.sink.failed(failureOf("unauthorized"), { inMs: 5_100 }),
      said: "no configuration yet; the last attempt failed (401), next in 6 s",
    },
    {
      what: "the server is down",
      before: ({ source }) => {
        const error = new NetworkError("down", null);
        source.sink.failed({ ...failureOf("transient"), error }, { inMs: 500 });
      },
      said: "no configuration yet; the last attempt failed (SORTITION_NETWORK), next in 1 s",
    },
    {
      what: "the attempt after a failure is under way",
      async before({ clock, source }) {
        source.sink.failed(failureOf("transient"), { inMs: 500 });
        await clock.advance(500);
      },
      said: "no configuration yet; the last attempt failed (500), the next is under way",
    },
    {
      what: "a wait ended before the first attempt",
      before: ({ client }) => client.waitForInitialization({ timeoutMs: 0 }),
      said: "the source has not delivered a configuration yet",
    },
    {
      what: "the wait of the client ended before the first attempt",
      before: ({ clock }) => clock.advance(5_000),
      said: "the source has not delivered a configuration yet",
    },
    {
      what: "nothing is fetched without a request",
      options: { intervalMs: null },
      before: ({ client }) => client.waitForInitialization(),
      said: "pollIntervalMs is null, so nothing is fetched: call refresh() or setConfiguration()",
    },
    {
      what: "what was requested failed",
      options: { intervalMs: null },
      before: ({ source }) => source.sink.failed(failureOf("rejected"), { inMs: null }),
      said: "no configuration yet; the last attempt failed (404), call refresh() again or setConfiguration()",
    },
    {
      what: "the client is closed",
      before: ({ client }) => client.close(),
      said: "the client was closed before it received a configuration",
    },
  ];

  it.each(cases)("$what", async ({ before, options, said }) => {
    const made = setUp(options);
    await before(made);
    for (let i = 0; i < 2; i++) made.client.getStringAssignment("f", "alice", {}, "default");
    const warnings = messagesOf(made, "warn").filter((it) => it.startsWith("flag "));
    expect(warnings).toEqual([EVALUATED + said]);
  });
});
