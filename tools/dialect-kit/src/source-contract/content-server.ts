import { type Reply, startTestServer } from "@sortition/test-kit";
import type { SourceUnderTest } from "./harness.js";

/** A vendor's server for {@link describeConfigurationSource}, with one body for all requests. */
export interface ContentServer extends Required<Omit<SourceUnderTest, "source">> {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
}

/** The etag of a server's initial content. */
export const FIRST_ETAG = 'W/"first"';

/** Starts a server with the content `first`. It supports conditional requests. */
export async function startContentServer(): Promise<ContentServer> {
  let content: string | null = "first";
  const server = await startTestServer(({ headers }): Reply => {
    if (content === null) return { kind: "answer", status: 500 };
    const etag = `W/"${content}"`;
    return headers["if-none-match"] === etag
      ? { kind: "answer", status: 304 }
      : { kind: "answer", headers: { etag }, body: content };
  });
  return {
    url: server.url,
    publish(next) {
      content = next;
    },
    fail() {
      content = null;
    },
    dispose: () => server.close(),
  };
}
