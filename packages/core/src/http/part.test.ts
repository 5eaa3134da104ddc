import { describe, expect, it } from "vitest";
import { usableEtag } from "./part.js";

describe("usableEtag", () => {
  it.each([
    { header: '"abc"', etag: '"abc"', because: "it is opaque" },
    { header: 'W/"abc"', etag: 'W/"abc"', because: "weak tags are sent back unchanged" },
    { header: "unquoted", etag: "unquoted", because: "some servers forget the quotes" },
    { header: null, etag: null, because: "there is none" },
    { header: "", etag: null, because: "an empty tag cannot be sent back" },
    { header: '"\ufffd"', etag: null, because: "decoding has changed its bytes" },
  ])("returns $etag for $header, because $because", ({ header, etag }) => {
    expect(usableEtag(header)).toBe(etag);
  });
});
