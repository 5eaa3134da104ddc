import { eppo } from "@sortition/core/eppo";
import {
  describeConfigurationSource,
  FIRST_ETAG,
  startContentServer,
} from "@sortition/dialect-kit/source-contract";
import { eppoSource } from "../../src/source.js";

describeConfigurationSource({
  name: "eppoSource",
  dialect: eppo(),
  etag: FIRST_ETAG,
  async create(clock) {
    const server = await startContentServer();
    return { ...server, source: eppoSource({ apiKey: "key", baseUrl: server.url, clock }) };
  },
});
