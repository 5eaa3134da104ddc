import {
  describeConfigurationSource,
  FIRST_ETAG,
  startContentServer,
} from "@sortition/dialect-kit/source-contract";
import { describe } from "vitest";
import { growthbook } from "../../src/dialect.js";
import { growthbookSource } from "../../src/source.js";

describe.each([false, true])("streaming: %s", (streaming) => {
  describeConfigurationSource({
    name: "growthbookSource",
    dialect: growthbook(),
    etag: FIRST_ETAG,
    async create(clock) {
      const server = await startContentServer();
      const origin = { clientKey: "sdk-1", apiHost: server.url, streaming, clock };
      return { ...server, source: growthbookSource(origin) };
    },
  });
});
