import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { NetworkError, staticSource } from "@sortition/core";
import type {
  ConfigurationOrigin,
  Dialect,
  Failure,
  FetchResult,
  PayloadSet,
} from "@sortition/core/internal";
import { describeConfigurationSource } from "@sortition/dialect-kit/source-contract";
import type { FakeClock } from "@sortition/test-kit";
import { describe } from "vitest";
import { encodeCopy } from "../src/disk/copy.js";
import { diskCachedSource } from "../src/disk/disk-cached-source.js";
import { fileSource } from "../src/file/file-source.js";
import { pollingSource } from "../src/source/polling-source.js";
import type { StreamLink, StreamPlan } from "../src/source/stream-plan.js";
import { streamedOrigin } from "../src/source/streamed-origin.js";
import { streamingSource } from "../src/source/streaming-source.js";
import { createFolder } from "./support/folder.js";

/** A dialect without members, because no source uses it. */
const dialect = { name: "test", endpoints: [] } as unknown as Dialect; // a source reads nothing else of it

/** An unusual etag, which must be sent back unchanged. */
const ETAG = 'W/"first, or not"';

/** An origin that returns its whole content, or reports that it did not change. */
class Origin implements ConfigurationOrigin {
  readonly dialect: Dialect = dialect;
  readonly scope = "0123456789abcdef";
  content: string | null = "first";

  async fetchOnce(current: PayloadSet | null): Promise<FetchResult> {
    if (this.content === null) {
      return { kind: "failed", failure: failureOf("the request failed") };
    }
    const isSame = current !== null && contentOf(current) === this.content;
    if (isSame) return { kind: "unchanged" };
    return { kind: "payloads", payloads: payloadsOf(this.content) };
  }

  readonly publish = (content: string): void => {
    this.content = content;
  };

  readonly fail = (): void => {
    this.content = null;
  };
}

describeConfigurationSource(
  {
    name: "pollingSource",
    dialect,
    etag: ETAG,
    create() {
      const origin = new Origin();
      return { source: pollingSource(origin), publish: origin.publish, fail: origin.fail };
    },
  },
  ["publish", "fail", "pollsByItself", "severalClients"],
);

/** Creates an origin whose stream sends all published content. */
function createStreamed(startsWith: StreamPlan["startsWith"]) {
  const origin = new Origin();
  const links = new Set<StreamLink>();
  const send = (link: StreamLink, content: string): void =>
    link.event({ type: "message", data: content, lastEventId: "" });
  const streamed = streamedOrigin(origin, {
    startsWith,
    readyMs: 1_000,
    silenceMs: 86_400_000,
    lifeMs: () => 3_600_000,
    onGarbage: "fetch",
    reopenMs: () => 1_000,
    open(link) {
      links.add(link);
      if (origin.content === null) link.ended(failureOf("down"));
      else {
        link.opened();
        if (startsWith === "stream") send(link, origin.content);
      }
      return { close: () => void links.delete(link) };
    },
    read: ({ data }) => ({ kind: "payloads", payloads: payloadsOf(data) }),
  });
  return {
    source: streamingSource(streamed),
    publish(content: string): void {
      origin.publish(content);
      for (const link of [...links]) send(link, content);
    },
    fail(): void {
      origin.fail();
      for (const link of [...links]) link.ended(failureOf("lost"));
    },
  };
}

describe.each(["fetch", "stream"] as const)("a stream that starts with a %s", (startsWith) => {
  describeConfigurationSource(
    { name: "streamingSource", dialect, etag: ETAG, create: () => createStreamed(startsWith) },
    ["publish", "fail", "pollsByItself", "severalClients"],
  );
});

describeConfigurationSource({
  name: "fileSource",
  dialect,
  create() {
    const folder = createFolder();
    const path = folder.file("flags.json");
    writeFileSync(path, "first");
    return {
      source: fileSource(path, { watch: false }),
      publish: (content) => writeFileSync(path, content),
      fail: () => rmSync(path),
      dispose: () => folder[Symbol.dispose](),
    };
  },
});

async function createDiskCached(clock: FakeClock, savedMsAgo: number | null) {
  const folder = createFolder();
  const origin = new Origin();
  if (savedMsAgo !== null) {
    mkdirSync(folder.path, { recursive: true });
    const savedAtMs = clock.now() - savedMsAgo;
    const copy = { dialect: "test", savedAtMs, payloads: payloadsOf("copy") };
    const chunks = await encodeCopy(copy, async (...bytes) => Buffer.concat(bytes));
    const file = folder.file(`sortition-test-${origin.scope}.cache`);
    writeFileSync(file, Buffer.concat(chunks), { mode: 0o600 });
  }
  return {
    source: diskCachedSource(pollingSource(origin), { directory: folder.path }),
    publish: origin.publish,
    fail: origin.fail,
    dispose: () => folder[Symbol.dispose](),
  };
}

describeConfigurationSource(
  {
    name: "diskCachedSource without a copy",
    dialect,
    etag: ETAG,
    create: (clock) => createDiskCached(clock, null),
  },
  ["publish", "fail"],
);

describeConfigurationSource(
  {
    name: "diskCachedSource with a copy",
    dialect,
    firstContent: "copy",
    firstAgeMs: 7_200_000,
    etag: ETAG,
    create: (clock) => createDiskCached(clock, 7_200_000),
  },
  ["publish", "fail"],
);

describeConfigurationSource(
  {
    name: "staticSource",
    dialect,
    etag: ETAG,
    create() {
      // The source only offers the payloads of a configuration and calls nothing else on it.
      const configuration = { dialect, payloads: payloadsOf("first"), flag: () => null };
      return {
        source: staticSource(configuration as unknown as Parameters<typeof staticSource>[0]),
      };
    },
  },
  ["severalClients"],
);

function payloadsOf(content: string): PayloadSet {
  const bytes = Buffer.from(content);
  return [{ part: "flags", bytes, etag: ETAG, fetchedAtMs: 0, from: "network" }];
}

function failureOf(message: string): Failure {
  return { kind: "transient", error: new NetworkError(message, null), retryAfterMs: null };
}

function contentOf(payloads: PayloadSet): string {
  return payloads.map(({ bytes }) => Buffer.from(bytes).toString()).join();
}
