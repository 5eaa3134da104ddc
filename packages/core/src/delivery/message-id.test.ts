import { describe, expect, it } from "vitest";
import { messageId } from "./message-id.js";

const timestamp = "2026-01-02T03:04:05.678Z";

describe("messageId", () => {
  it.each([
    {
      parts: ["assignment", "checkout", "allocation-1", "treatment", "alice", timestamp],
      id: "0aa85106-3bd9-8511-8dec-215b53ac8b09",
      because: "it is an ordinary assignment",
    },
    {
      parts: ["assignment", "new-ui", null, "on", 'é😀"\\', timestamp],
      id: "c7b29fb1-316c-8b4c-8c33-9d4819f73de0",
      because: "keys may contain anything",
    },
    {
      parts: ["assignment", "f", "a", "v", "\ud800", timestamp],
      id: "1a012a72-b304-8c87-af11-20a971b075c0",
      because: "a lone surrogate is escaped",
    },
    {
      parts: ["bandit", "recs", "recs-bandit", "pizza", "alice", "v123", timestamp],
      id: "518545fd-afdb-806f-9439-0a0d6ac8f3c5",
      because: "bandit events have ids too",
    },
  ])("is $id, because $because", ({ parts, id }) => {
    expect(messageId(parts)).toBe(id);
  });
});
