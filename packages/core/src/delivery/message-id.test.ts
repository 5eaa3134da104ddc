import { describe, expect, it } from "vitest";
import { messageId } from "./message-id.js";

const timestamp = "2026-01-02T03:04:05.678Z";

describe("messageId", () => {
  it.each([
    {
      parts: ["assignment", "checkout", "allocation-1", "treatment", "alice", timestamp],
      id: "5807d0c0-6f99-8562-9805-2922ccea30c1",
      because: "it is an ordinary assignment",
    },
    {
      parts: ["assignment", "new-ui", null, "on", 'é😀"\\', timestamp],
      id: "6fd6ddf6-7f06-857d-a69b-cde90a9edd78",
      because: "keys may hold anything",
    },
    {
      parts: ["assignment", "f", "a", "v", "\ud800", timestamp],
      id: "ea4d827a-a026-8503-ab69-ed69296ba93c",
      because: "a lone surrogate is escaped",
    },
    {
      parts: ["bandit", "recs", "recs-bandit", "pizza", "alice", "v123", timestamp],
      id: "d7920965-d586-8871-8444-3a65e5f8b2d8",
      because: "bandit events have ids, too",
    },
  ])("is $id, because $because", ({ parts, id }) => {
    expect(messageId(parts)).toBe(id);
  });
});
