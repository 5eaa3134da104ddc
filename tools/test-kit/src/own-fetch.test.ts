import { describe, expect, it, vi } from "vitest";
import { ownFetch } from "./own-fetch.js";

describe("ownFetch", () => {
  it("only answers requests that may be of this test", async () => {
    const double = vi.fn(async (_url: string) => "answered");
    const fetch = ownFetch(double, "http://127.0.0.1:8/", "https://own.invalid/api");
    for (const url of [
      "http://127.0.0.1:8/a",
      "https://own.invalid/api/b",
      "https://vendor/",
      "/c",
    ])
      expect(await fetch(url)).toBe("answered");
    for (const url of ["http://127.0.0.1:80/a", "http://localhost/", "https://other.invalid/api"])
      await expect(fetch(url)).rejects.toThrow("fetch failed");
    expect(double).toHaveBeenCalledTimes(4);
  });
});
