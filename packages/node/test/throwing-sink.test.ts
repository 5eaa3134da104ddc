import { mkdirSync, writeFileSync } from "node:fs";
import type { ConfigurationOrigin, Dialect } from "@sortition/core/source";
import { describe } from "vitest";
import { encodeCopy } from "../src/disk/copy.js";
import { diskCachedSource } from "../src/disk/disk-cached-source.js";
import { fileSource } from "../src/file/file-source.js";
import { pollingSource } from "../src/polling/polling-source.js";
import { createFolder } from "./support/folder.js";
import { describeThrowingSink, payloadsOf } from "./support/throwing-sink.js";

/** No source looks into its dialect. */
const dialect = { name: "test", endpoints: [] } as unknown as Dialect;

/** An origin that always answers with its whole content. */
class Origin implements ConfigurationOrigin {
  readonly dialect: Dialect = dialect;
  readonly scope = "0123456789abcdef";
  content = "first";

  async fetchOnce() {
    return { kind: "payloads", payloads: payloadsOf(this.content) } as const;
  }
}

describe("pollingSource", () => {
  describeThrowingSink({
    dialect,
    create() {
      const origin = new Origin();
      return {
        source: pollingSource(origin),
        publish: (content) => {
          origin.content = content;
        },
      };
    },
  });
});

describe("fileSource", () => {
  describeThrowingSink({
    dialect,
    create() {
      const folder = createFolder();
      const path = folder.file("flags.json");
      writeFileSync(path, "first");
      return {
        source: fileSource(path, { watch: false }),
        publish: (content) => writeFileSync(path, content),
        dispose: () => folder[Symbol.dispose](),
      };
    },
  });
});

describe("diskCachedSource", () => {
  const create = async (copy: string | null) => {
    const folder = createFolder();
    const origin = new Origin();
    if (copy !== null) {
      mkdirSync(folder.path, { recursive: true });
      const content = { dialect: "test", savedAtMs: 0, payloads: payloadsOf(copy) };
      const chunks = await encodeCopy(content, async (...bytes) => Buffer.concat(bytes));
      writeFileSync(folder.file(`sortition-test-${origin.scope}.cache`), Buffer.concat(chunks), {
        mode: 0o600,
      });
    }
    return {
      source: diskCachedSource(pollingSource(origin), { directory: folder.path }),
      publish: (content: string) => {
        origin.content = content;
      },
      dispose: () => folder[Symbol.dispose](),
    };
  };

  describe("without a copy", () => {
    describeThrowingSink({ dialect, create: () => create(null) });
  });

  describe("with a copy, which is offered first", () => {
    describeThrowingSink({ dialect, create: () => create("copy") });
  });
});
