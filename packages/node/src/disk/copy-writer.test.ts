import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostDigest, type SourceContext } from "@sortition/core/internal";
import { createFakeClock } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CopyWriter, type Saved } from "./copy-writer.js";

const saved = (content: string): Saved => ({
  savedAtMs: 0,
  payloads: [
    { part: "flags", bytes: Buffer.from(content), etag: null, fetchedAtMs: 0, from: "network" },
  ],
});

describe("CopyWriter", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "copy-writer-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function setUp() {
    const path = join(folder, "copy");
    const clock = createFakeClock();
    const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
    const dialect = { name: "test" };
    const context = { clock, diagnostics, dialect, digest: hostDigest };
    const writer = new CopyWriter(path, context as unknown as SourceContext);
    const content = (): string | undefined => readFileSync(path, "utf8").split("\n")[1];
    return { clock, content, writer };
  }
  const { signal } = new AbortController();

  it("writes the first copy at once, and the newest of many changes after 5 s", async () => {
    const { clock, content, writer } = setUp();
    writer.write(saved("a"));
    await expect.poll(content).toBe("a");
    for (const change of ["b", "c", "d"]) {
      writer.write(saved(change));
      await clock.advance(1_000);
    }
    expect(content()).toBe("a");
    await clock.advance(2_000);
    await expect.poll(content).toBe("d");
    await writer.end(Promise.resolve(), signal);
  });

  it("writes a change that waits when it ends", async () => {
    const { content, writer } = setUp();
    writer.write(saved("a"));
    await expect.poll(content).toBe("a");
    writer.write(saved("b"));
    await writer.end(Promise.resolve(), signal);
    expect(content()).toBe("b");
  });
});
