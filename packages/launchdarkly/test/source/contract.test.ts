import {
  describeConfigurationSource,
  FIRST_ETAG,
  startContentServer,
} from "@sortition/dialect-kit/source-contract";
import { describe } from "vitest";
import { launchdarkly } from "../../src/dialect.js";
import { launchdarklySource } from "../../src/source.js";

// The server has no stream, so a streaming source polls.
describe.each([false, true])("streaming: %s", (streaming) => {
  describeConfigurationSource({
    name: "launchdarklySource",
    dialect: launchdarkly(),
    etag: FIRST_ETAG,
    async create(clock) {
      const server = await startContentServer();
      const origin = { sdkKey: "sdk-1", baseUri: server.url, streaming, clock };
      return { ...server, source: launchdarklySource(origin) };
    },
  });
});
