import { describe, expect, it } from "vitest";
import { collect } from "./collect.js";

const CHUNK_BYTES = 65_536;
const SIZE = 32 * CHUNK_BYTES;

/** Chunks of a body that is all there: nobody has to be waited for. */
async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < bytes.length; i += CHUNK_BYTES) yield bytes.subarray(i, i + CHUNK_BYTES);
}

/** Bytes of which no two chunks are alike. */
function someBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i + Math.floor(i / CHUNK_BYTES)) % 251);
}

/** How many turns the event loop makes during some work. */
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
    { announcedBytes: SIZE, because: "so many were announced" },
    { announcedBytes: 0, because: "nobody knew how many" },
    { announcedBytes: 100_000, because: "fewer were announced" },
    { announcedBytes: SIZE + 100_000, because: "more were announced" },
    { announcedBytes: Number.NaN, because: "what was announced is no number" },
  ])("puts chunks together in their order when $because", async ({ announcedBytes }) => {
    const bytes = someBytes(SIZE);
    const collected = await collect(chunksOf(bytes), { announcedBytes, maxBytes: 2 * SIZE });
    expect(Buffer.compare(collected, bytes)).toBe(0);
  });

  it.each([
    { announcedBytes: SIZE, turns: SIZE / CHUNK_BYTES / 2, because: "chunks go to their places" },
    { announcedBytes: 0, turns: SIZE / CHUNK_BYTES, because: "they have to be put together too" },
  ])("takes $turns turns for two megabytes, since $because", async ({ announcedBytes, turns }) => {
    const chunks = chunksOf(someBytes(SIZE));
    const work = () => collect(chunks, { announcedBytes, maxBytes: SIZE });
    expect(await turnsDuring(work)).toBeGreaterThanOrEqual(turns);
  });

  it.each([
    { announcedBytes: SIZE + 1, taken: 0, because: "they are announced" },
    { announcedBytes: 0, taken: 17, because: "they have come" },
  ])("refuses too many bytes as soon as $because", async ({ announcedBytes, taken }) => {
    let seen = 0;
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunksOf(someBytes(SIZE))) {
        seen += 1;
        yield chunk;
      }
    };
    await expect(collect(counted(), { announcedBytes, maxBytes: SIZE / 2 })).rejects.toMatchObject({
      code: "SORTITION_BODY_TOO_LARGE",
    });
    expect(seen).toBe(taken);
  });
});
