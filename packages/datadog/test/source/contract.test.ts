import {
  describeConfigurationSource,
  FIRST_ETAG,
  startContentServer,
} from "@sortition/dialect-kit/source-contract";
import { datadog } from "../../src/dialect.js";
import { datadogSource } from "../../src/source.js";

describeConfigurationSource({
  name: "datadogSource",
  dialect: datadog(),
  etag: FIRST_ETAG,
  async create(clock) {
    const server = await startContentServer();
    const options = { apiKey: "key", env: "test", baseUrl: server.url, clock };
    return { ...server, source: datadogSource(options) };
  },
});
