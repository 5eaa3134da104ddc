import { describe, expect, it } from "vitest";
import { parseBaseUrl } from "./base-url.js";

describe("parseBaseUrl", () => {
  it.each([
    { text: "https://flags.example/api", url: "https://flags.example/api" },
    { text: "flags.example/api", url: "https://flags.example/api" },
    { text: "http://127.0.0.1:8080", url: "http://127.0.0.1:8080" },
    { text: "https://flags.example/api//", url: "https://flags.example/api" },
    { text: "localhost:8080", url: "https://localhost:8080" },
  ])("reads $text as $url", ({ text, url }) => {
    expect(parseBaseUrl(text)).toBe(url);
  });

  it.each([
    { text: 5, because: "it is not a string" },
    { text: "", because: "it is empty" },
    { text: "ftp://flags.example", because: "the scheme is not http or https" },
    { text: "https://user:secret@flags.example", because: "it has credentials" },
    { text: "https://flags.example/?key=secret", because: "it has a query" },
    { text: "https://flags.example/#secret", because: "it has a fragment" },
  ])("refuses $text without showing it, because $because", ({ text }) => {
    expect(() => parseBaseUrl(text)).toThrow(/^baseUrl: (?!.*secret)/);
  });
});
