import { expect, it } from "vitest";
import { droppedText } from "./dropped-text.js";

it.each([
  ["no-logger", "none", "give the client an assignmentLogger, or null"],
  ["overflow", "none", "give the client an assignmentLogger"],
  ["overflow", "mine", 'logger "mine" is slower'],
  ["too-large", "mine", "raise it, or pass smaller attributes"],
  ["too-deep", "mine", "a client whose assignmentLogger is null"],
  ["closed", "none", "give the client an assignmentLogger"],
  ["closed", "mine", "raise the timeoutMs of close"],
] as const)(
  "the message for a loss by %s of %s contains the number, the reason and what to do",
  (reason, logger, words) => {
    const text = droppedText({ reason, logger, count: 3 }, 12);
    expect(text).toMatch(/^exposures dropped: 12 so far, /);
    expect(text).toContain(words);
  },
);
