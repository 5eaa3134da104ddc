import { setImmediate as nextTurn } from "node:timers/promises";
import { inspect } from "node:util";
import type { AssignmentEvent, Client } from "@sortition/core";
import { type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "../src/client/create-client.js";
import type { ClientOptions } from "../src/client/options.js";
import { Configuration } from "../src/index.js";
import { type RecordedDiagnostics, recordDiagnostics } from "./support/diagnostics.js";
import { flagsBody } from "./support/flags.js";
import { flagsAnswer, status } from "./support/servers.js";

const KEY = "secret-key-5f3a";

describe("a client whose server misbehaves", () => {
  let server: TestServer;
  let diagnostics: RecordedDiagnostics;
  let client: Client;

  /** Creates a client that polls only when refreshed, so that each fault occurs exactly once. */
  const create = (options: ClientOptions = {}): Client => {
    client = createClient({
      apiKey: KEY,
      baseUrl: server.url,
      pollIntervalMs: null,
      diagnostics,
      ...options,
    });
    return client;
  };
  const answerOf = (): string => client.getStringAssignment("flag-1", "alice", {}, "default");

  beforeEach(async () => {
    server = await startTestServer(flagsAnswer("old", '"old"'));
    diagnostics = recordDiagnostics();
  });

  afterEach(async () => {
    await client?.close();
    await server.close();
  });

  describe("lifecycle §7 fault 6: a 304 to an unconditional request", () => {
    it("is ignored if the second response is valid", async () => {
      server.respond(() => (server.requests.length === 1 ? status(304) : flagsAnswer("new")));
      create();
      expect(await client.refresh()).toMatchObject({ outcome: "updated" });
      expect(answerOf()).toBe("new");
    });
  });

  it("lifecycle §7 fault 18: serves an initial configuration immediately, whatever the server does", async () => {
    server.respond({ kind: "hang" });
    const initialConfiguration = Configuration.from({ flagsConfiguration: flagsBody("initial") });
    create({ initialConfiguration, pollIntervalMs: 30_000 });
    expect(answerOf()).toBe("initial");
    expect(client.status).toMatchObject({ state: "ready", source: "initial" });
    expect(await client.waitForInitialization()).toMatchObject({ ready: true, source: "initial" });
    await server.request(1);
  });

  it("lifecycle §7 fault 29: evaluates and logs each flag from a single revision", async () => {
    const events: AssignmentEvent[] = [];
    const logAssignment = (event: AssignmentEvent): void => void events.push(event);
    create({ assignmentLogger: { logAssignment }, deduplication: false });
    const configurations = Array.from({ length: 20 }, (_, i) =>
      Configuration.from({ flagsConfiguration: flagsBody(`v${i}`) }),
    );
    let turn = 0;
    client.on("configuration-changed", () => void answerOf());
    for (const configuration of [...configurations, ...configurations, ...configurations]) {
      client.setConfiguration(configuration);
      await nextTurn();
      const expected = `v${turn % 20}`;
      expect(answerOf()).toBe(expected);
      const details = client.getStringAssignmentDetails("flag-1", "bob", {}, "default");
      expect(details.evaluationDetails).toMatchObject({
        variationKey: expected,
        variationValue: expected,
        matchedAllocation: { key: `all-${expected}` },
      });
      turn += 1;
    }
    expect(events).toHaveLength(180);
    for (const { allocation, variation, experiment } of events) {
      expect(allocation).toBe(`all-${variation}`);
      expect(experiment).toBe(`flag-1-all-${variation}`);
    }
  });

  it("lifecycle §7 fault 35: contains everything that listeners and diagnostics throw", async () => {
    const heard: string[] = [];
    const broken = (): never => {
      throw new Error("diagnostics are broken");
    };
    create({ diagnostics: { debug: broken, info: broken, warn: broken, error: broken } });
    client.on("configuration-changed", () => {
      throw new Error("a listener is broken");
    });
    client.on("configuration-changed", async () => {
      throw new Error("a listener rejects");
    });
    client.on("configuration-changed", () => void heard.push("configuration-changed"));
    expect(await client.refresh()).toMatchObject({ outcome: "updated" });
    expect(heard).toEqual(["configuration-changed"]);
    // There is no listener for "error". Node's emitters would throw in that case.
    server.respond(status(500));
    expect(await client.refresh()).toMatchObject({ outcome: "failed" });
  });

  it("lifecycle §7 fault 36: never shows the key", async () => {
    const shown: unknown[] = [];
    create({ requestTimeoutMs: 200 });
    for (const name of ["error", "configuration-changed", "ready", "closed"] as const) {
      client.on(name, (event) => void shown.push(event));
    }
    const replies: readonly Reply[] = [
      flagsAnswer("new"),
      { kind: "answer", body: "<html>" },
      status(401),
      status(500),
      status(404),
      status(302, { location: `http://evil.example/?apiKey=${KEY}` }),
      status(302, { location: `//${KEY}@[` }),
      { kind: "hang" },
      { kind: "reset" },
      { kind: "cut", body: flagsBody("cut"), framing: "chunked" },
      { kind: "answer", body: "x", headers: { "content-encoding": KEY } },
    ];
    for (const reply of replies) {
      server.respond(reply);
      shown.push(await client.refresh(), client.status);
    }
    await server.close();
    shown.push(await client.refresh(), client.status, await client.close(), diagnostics.reports);
    expect(inspect(shown, { depth: 20, showHidden: true, maxStringLength: null })).not.toContain(
      KEY,
    );
    expect(diagnostics.reports.length).toBeGreaterThan(replies.length / 2);
  });

  it.each(["baseUrl", "headers", "dispatcher"])(
    "lifecycle §7 fault 36: does not show the key in the error for %s",
    (option) => {
      const value =
        option === "headers" ? { "x-key": `${KEY}\n` } : `http://${KEY}@x/?apiKey=${KEY}`;
      const options = { apiKey: KEY, baseUrl: server.url, [option]: value };
      let thrown: unknown;
      try {
        createClient(options);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toMatchObject({ code: "SORTITION_OPTION", option });
      expect(inspect(thrown)).not.toContain(KEY);
    },
  );
});
