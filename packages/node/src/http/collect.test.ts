import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { collect } from "./collect.js";

const CHUNK_BYTES = 65_536;
const SIZE = 32 * CHUNK_BYTES;

/** A stream of bytes that have already been received. */
function streamOf(bytes: Uint8Array): Readable {
  let offset = 0;
  return new Readable({
    highWaterMark: CHUNK_BYTES,
    read() {
      const chunk = bytes.subarray(offset, offset + CHUNK_BYTES);
      offset += chunk.length;
      this.push(chunk.length === 0 ? null : chunk);
    },
  });
}

/** Returns bytes that differ from chunk to chunk. */
function someBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i + Math.floor(i / CHUNK_BYTES)) % 251;
  return bytes;
}

/** Counts the turns of the event loop during an operation. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const count = (): void => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isOver = true;
  return turns;
}

describe("collect", () => {
  it.each([
    { announcedBytes: SIZE, because: "the announced length is right" },
    { announcedBytes: 0, because: "no length was announced" },
    { announcedBytes: 100_000, because: "fewer were announced" },
    { announcedBytes: SIZE + 100_000, because: "more were announced" },
    { announcedBytes: Number.NaN, because: "the announced length is not a number" },
  ])("concatenates chunks in order when $because", async ({ announcedBytes }) => {
    const bytes = someBytes(SIZE);
    const collected = await collect(streamOf(bytes), { announcedBytes, maxBytes: 2 * SIZE });
    expect(Buffer.compare(collected, bytes)).toBe(0);
  });

  it.each([
    { announcedBytes: SIZE, turns: 15, because: "chunks are copied once" },
    { announcedBytes: 0, turns: 30, because: "chunks are concatenated afterwards" },
  ])(
    "takes at least $turns turns for two megabytes, because $because",
    async ({ announcedBytes, turns }) => {
      const stream = streamOf(someBytes(SIZE));
      const work = () => collect(stream, { announcedBytes, maxBytes: SIZE });
      expect(await turnsDuring(work)).toBeGreaterThanOrEqual(turns);
    },
  );

  it.each([
    { announcedBytes: SIZE + 1, isDestroyed: false, because: "they are announced" },
    { announcedBytes: 0, isDestroyed: true, because: "they have been received" },
  ])("refuses too many bytes as soon as $because", async ({ announcedBytes, isDestroyed }) => {
    const stream = streamOf(someBytes(SIZE));
    const collecting = collect(stream, { announcedBytes, maxBytes: SIZE / 2 });
    await expect(collecting).rejects.toMatchObject({ code: "SORTITION_BODY_TOO_LARGE" });
    expect([stream.destroyed, stream.readableEnded]).toEqual([isDestroyed, false]);
  });

  it.each(["a few chunks", "nothing"])(
    "fails with the error of the stream after %s",
    async (what) => {
      const stream = streamOf(someBytes(SIZE));
      const collecting = collect(stream, { announcedBytes: 0, maxBytes: SIZE });
      const broken = new Error("broken");
      if (what === "nothing") stream.destroy(broken);
      else setImmediate(() => stream.destroy(broken)); // while the stream is paused
      await expect(collecting).rejects.toBe(broken);
    },
  );
});
