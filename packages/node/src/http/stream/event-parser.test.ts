import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventParser, type StreamEvent } from "./event-parser.js";

interface Parsed {
  readonly events: readonly StreamEvent[];
  readonly retries: readonly number[];
  readonly lastEventId: string;
}

function parse(chunks: readonly (string | Uint8Array)[], maxEventBytes = 1_000): Parsed {
  const events: StreamEvent[] = [];
  const retries: number[] = [];
  const parser = new EventParser({
    maxEventBytes,
    server: "https://flags.example",
    lastEventId: "before",
    onEvent({ bytes, data, lastEventId, type }) {
      if (bytes !== undefined)
        expect(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)).toBe(data);
      events.push({ type, data, lastEventId });
    },
    onRetry: (retryMs) => void retries.push(retryMs),
  });
  for (const chunk of chunks) parser.push(Buffer.from(chunk));
  return { events, retries, lastEventId: parser.lastEventId };
}

function event(data: string, type = "message", lastEventId = "before"): StreamEvent {
  return { type, data, lastEventId };
}

describe("EventParser", () => {
  it.each([
    { text: "data: a\n\n", events: [event("a")], because: "one blank after the colon is dropped" },
    { text: "data:a\n\n", events: [event("a")], because: "the blank is optional" },
    { text: "data:  a \n\n", events: [event(" a ")], because: "other blanks stay" },
    { text: "data: a\ndata: b\n\n", events: [event("a\nb")], because: "lines are joined" },
    { text: "data\ndata\n\n", events: [event("\n")], because: "a field may lack its colon" },
    { text: "data:\n\n", events: [event("")], because: "empty data are data" },
    { text: "data: a:b\n\n", events: [event("a:b")], because: "the first colon counts" },
    { text: "data: a\r\n\r\n", events: [event("a")], because: "CRLF ends a line" },
    { text: "data: a\r\r", events: [event("a")], because: "CR ends a line" },
    { text: "data: a\r\ndata: b\r\n\n", events: [event("a\nb")], because: "they may be mixed" },
    { text: "\ufeffdata: a\n\n", events: [event("a")], because: "a byte order mark is dropped" },
    { text: "\n\ufeffdata: a\n\n", events: [], because: "elsewhere it is part of the name" },
    { text: ": comment\ndata: a\n:\n\n", events: [event("a")], because: "comments are skipped" },
    { text: "event: x\ndata: a\n\n", events: [event("a", "x")], because: "it has a type" },
    { text: "event: x\n\ndata: a\n\n", events: [event("a")], because: "the type is for one event" },
    { text: "event:\ndata: a\n\n", events: [event("a")], because: "an empty type is none" },
    { text: "data: a\n", events: [], because: "an event that is not ended is none" },
    { text: "data: a", events: [], because: "a line that is not ended is none" },
    { text: "Data: a\ndata : b\nx: y\n\n", events: [], because: "other names are skipped" },
    { text: "data: é😀\n\n", events: [event("é😀")], because: "it is UTF-8" },
  ])("reads $text, because $because", ({ text, events }) => {
    expect(parse([text]).events).toEqual(events);
  });

  it("does not store comments, which may be longer than an event", () => {
    const kibibyte = "x".repeat(1_024);
    const comment = [":", ...Array.from({ length: 1_000 }, () => kibibyte)];
    const { events } = parse(["data: a\n", ...comment, "\ndata: b\n\n", ...comment], 1_000);
    expect(events).toEqual([event("a\nb")]);
  });

  it("exposes the bytes only of an event with a single data field", () => {
    const seen: (string | null)[] = [];
    const parser = new EventParser({
      maxEventBytes: 1_000,
      server: "https://flags.example",
      lastEventId: "",
      onEvent: ({ bytes }) => void seen.push(bytes ? Buffer.from(bytes).toString() : null),
      onRetry() {},
    });
    parser.push(Buffer.from("data: é\n\ndata: a\ndata: b\n\ndata\n\n"));
    expect(seen).toEqual(["é", null, ""]);
  });

  it("replaces bytes that are not UTF-8", () => {
    const bytes = Buffer.concat([
      Buffer.from("data: "),
      Buffer.from([0xe2, 0x82]),
      Buffer.from("\n\n"),
    ]);
    expect(parse([bytes]).events).toEqual([event("\ufffd")]);
  });

  it.each([
    { text: "id: 1\ndata: a\n\n", lastEventId: "1", because: "it is the event's" },
    { text: "id: 1\n\n", lastEventId: "1", because: "an event without data has one too" },
    { text: "id: 1\ndata: a\n", lastEventId: "before", because: "the event has not ended" },
    { text: "id: 1\n\nid\n\n", lastEventId: "", because: "an empty id takes it back" },
    { text: "id: 1\n\nid: 2\0\n\n", lastEventId: "1", because: "NUL makes an id invalid" },
    { text: "data: a\n\n", lastEventId: "before", because: "no event has one" },
  ])("returns the last id $lastEventId after $text, because $because", ({ text, lastEventId }) => {
    expect(parse([text]).lastEventId).toBe(lastEventId);
  });

  it("gives each event without an id the id of the event before it", () => {
    const { events } = parse(["id: 1\ndata: a\n\ndata: b\n\nid: 2\n\ndata: c\n\n"]);
    expect(events.map(({ lastEventId }) => lastEventId)).toEqual(["1", "1", "2"]);
  });

  it("passes on the server's retry if it is a number", () => {
    expect(parse(["retry: 250\nretry: 1e3\nretry: -1\nretry:\nretry: 0\n\n"]).retries).toEqual([
      250, 0,
    ]);
  });

  it.each([
    { what: "one line", chunks: ["data: ", "x".repeat(95)] },
    { what: "several lines", chunks: Array.from({ length: 10 }, () => "data: 6789\n") },
    { what: "names that are not known", chunks: ["x".repeat(60), "\n", "y".repeat(60), "\n"] },
  ])("refuses $what with more bytes than allowed", ({ chunks }) => {
    expect(() => parse(chunks, 100)).toThrow(
      expect.objectContaining({ code: "SORTITION_BODY_TOO_LARGE" }),
    );
  });

  it("counts the bytes of each event separately, and ignores comments", () => {
    const events = Array.from({ length: 50 }, () => ["data: ", "x".repeat(90), "\n", "\n"]).flat();
    const comments = Array.from({ length: 50 }, () => ":keep-alive\n");
    expect(parse([...events, ...comments], 100).events).toHaveLength(50);
  });

  it("reads the same events, however the bytes are split", () => {
    const part = fc.constantFrom(
      ...["data", "event", "id", "retry", ":", ": ", " ", "\n", "\r", "\r\n", "\n\n", "\r\n\r\n"],
      ...["a", "é", "😀", "\ufeff", "17", "\0", "data: x\n"],
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 60 }),
        fc.array(fc.nat({ max: 300 }), { maxLength: 40 }),
        (parts, cuts) => {
          const bytes = Buffer.from(parts.join(""));
          const ends = [...cuts.filter((cut) => cut < bytes.length), bytes.length];
          const edges = [0, ...ends].sort((a, b) => a - b);
          const chunks = edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
          const single = [...bytes].map((byte) => Uint8Array.of(byte));
          const whole = parse([bytes]);
          expect(parse(chunks)).toEqual(whole);
          expect(parse(single)).toEqual(whole);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
