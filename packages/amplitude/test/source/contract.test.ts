import {
  describeConfigurationSource,
  FIRST_ETAG,
  startContentServer,
} from "@sortition/dialect-kit/source-contract";
import { describe } from "vitest";
import { amplitude } from "../../src/dialect.js";
import { amplitudeSource } from "../../src/source.js";

// This server refuses streams. Working streams are tested in streams.test.ts.
describe.each([false, true])("with streamUpdates: %s", (streamUpdates) => {
  describeConfigurationSource({
    name: "amplitudeSource",
    dialect: amplitude(),
    etag: FIRST_ETAG,
    async create(clock) {
      const server = await startContentServer();
      const servers = { serverUrl: server.url, streamServerUrl: server.url };
      const source = amplitudeSource({ deploymentKey: "key", ...servers, streamUpdates, clock });
      return { ...server, source };
    },
  });
});
