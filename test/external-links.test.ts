import { describe, expect, it } from "vitest";
import { externalLinksOf, problemsOf } from "./external-links.mjs";

describe("links that leave the repository", () => {
  it("are found once each, in text but not in code", () => {
    const page = [
      "See [a](https://a.test/x#y) and <https://b.test/>, [again](https://a.test/x).",
      "`[no](https://no.test)` [inside](page.md)",
      "```",
      "[no](https://no.test)",
      "```",
    ].join("\n");
    expect(externalLinksOf(page)).toEqual(["https://a.test/x", "https://b.test/"]);
  });

  it("have a problem if the request fails, or the page does not exist", async () => {
    const answers: Record<string, number> = {
      "https://there.dev/": 200,
      "https://refuses.dev/": 403,
      "https://gone.dev/": 404,
      "https://broken.dev/": 503,
    };
    const asked: string[] = [];
    const ask = (async (url: string) => {
      asked.push(url);
      if (answers[url] === undefined) {
        throw new TypeError("fetch failed", { cause: { code: "ENOTFOUND" } });
      }
      return new Response("", { status: answers[url] });
    }) as typeof fetch;
    const urls = [...Object.keys(answers), "https://nowhere.dev/", "https://flags.example.com/"];
    expect(Object.fromEntries(await problemsOf([...urls, "http://plain.dev/"], ask))).toEqual({
      "https://gone.dev/": "status 404",
      "https://broken.dev/": "status 503",
      "https://nowhere.dev/": "ENOTFOUND",
      "http://plain.dev/": "not https",
    });
    expect(asked).not.toContain("https://flags.example.com/");
  });
});
