import { preloadTransport } from "@sortition/dialect-kit/request-recorder";
import { describeStreamFaults } from "@sortition/dialect-kit/stream-contract";
import { HttpTransport } from "@sortition/node/internal";
import { amplitude } from "../../src/dialect.js";
import { amplitudeSource } from "../../src/source.js";
import { flagOf } from "../client/local/flags.js";

const MAX_BODY_BYTES = 65_536;

const flagsOf = (value: string): string => JSON.stringify([flagOf("flag", value), flagOf("other")]);

describeStreamFaults({
  harness: {
    dialect: amplitude(),
    createSource: () =>
      amplitudeSource({
        deploymentKey: "key",
        serverUrl: "http://flags.test",
        streamServerUrl: "http://stream.test",
        streamUpdates: true,
        // The server of these situations sends something every 10 s.
        streamFlagConnTimeoutMs: 11_000,
        maxBodyBytes: MAX_BODY_BYTES,
      }),
    paths: { flags: "flags.test/sdk/v2/flags", stream: "/sdk/stream/v1/flags" },
    reply: (value) => ({ body: flagsOf(value), headers: { etag: `"${value}"` } }),
    sendAll: (stream, value) => stream.send(flagsOf(value)),
    sendChange: (stream, value) => stream.send(flagsOf(value)),
    sendLife: (stream) => stream.send(" "),
    sendBeginning: (stream, value) => stream.write(`data: ${flagsOf(value)}\n`),
    sendGarbage: (stream) => stream.send("{}"),
    reopensAfterGarbage: true,
    sendRefused: (stream) => stream.send("["),
    maxEventBytes: MAX_BODY_BYTES,
    beginsWithAll: true,
    lifeMs: 900_000,
    minReopenMs: 15_000,
  },
  preload: () => preloadTransport(new HttpTransport()),
});
