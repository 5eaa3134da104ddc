import {
  describeConfigurationSource,
  FIRST_ETAG,
  startContentServer,
} from "@sortition/dialect-kit/source-contract";
import { posthog } from "../../src/dialect.js";
import { posthogSource } from "../../src/source.js";

describeConfigurationSource({
  name: "posthogSource",
  dialect: posthog(),
  etag: FIRST_ETAG,
  async create(clock) {
    const server = await startContentServer();
    const keys = { projectApiKey: "phc_key", secretKey: "phs_secret" };
    return { ...server, source: posthogSource({ ...keys, host: server.url, clock }) };
  },
});
