import { expect, it } from "vitest";
import { shareText, shortTimeText, timeText, valueText } from "./values.js";

it.each([
  { value: undefined, text: "nothing" },
  { value: "a", text: '"a"' },
  { value: { a: 1 }, text: '{"a":1}' },
  { value: [], text: "[]" },
  { value: ["a", 1, null], text: '["a", 1, null]' },
  { value: "x".repeat(100), text: `"${"x".repeat(58)}…` },
  {
    value: Array.from({ length: 40 }, (_, i) => `item-${i}`),
    text: '["item-0", "item-1", "item-2", "item-3", "item-4", "item-5", … 34 more]',
  },
])("shows a value as $text", ({ value, text }) => {
  expect(valueText(value)).toBe(text);
});

it.each([
  { ms: 1_769_949_015_001, text: "2026-02-01T12:30:15.001Z" },
  { ms: 1e300, text: "1e+300" },
])("shows the time $ms as $text", ({ ms, text }) => {
  expect(timeText(ms)).toBe(text);
});

it.each([
  { share: 0, text: "0%" },
  { share: 0.5, text: "50%" },
  { share: 1 / 3, text: "33.3333%" },
  { share: 0.1 + 0.2, text: "30%" },
])("shows the share $share as $text", ({ share, text }) => {
  expect(shareText(share)).toBe(text);
});

it.each([
  { time: "2026-02-01T00:00:00.000Z", text: "2026-02-01" },
  { time: "2026-02-01T12:30:00.000Z", text: "2026-02-01T12:30Z" },
  { time: "2026-02-01T12:30:15.000Z", text: "2026-02-01T12:30:15Z" },
  { time: "2026-02-01T12:30:15.001Z", text: "2026-02-01T12:30:15.001Z" },
])("shows the time $time in short as $text", ({ time, text }) => {
  expect(shortTimeText(Date.parse(time))).toBe(text);
});
