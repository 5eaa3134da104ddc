import { describe, expect, it } from "vitest";
import { usableEtag } from "./etag.js";

describe("usableEtag", () => {
  it.each([
    { header: '"abc"', etag: '"abc"', because: "it is opaque" },
    { header: 'W/"abc"', etag: 'W/"abc"', because: "weakness is part of it" },
    { header: "unquoted", etag: "unquoted", because: "some servers forget the quotes" },
    { header: null, etag: null, because: "there is none" },
    { header: "", etag: null, because: "nothing cannot be asked for" },
    { header: '"\ufffd"', etag: null, because: "its bytes are lost" },
  ])("makes $etag of $header, because $because", ({ header, etag }) => {
    expect(usableEtag(header)).toBe(etag);
  });
});
