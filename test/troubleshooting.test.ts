import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./markdown.js";

/** Returns the source of a package, without its tests. */
function sourceOf(name: string): string {
  const folder = join(root, "packages", name, "src");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .join("\n");
}

/** Returns the messages in the first column of a section: code that contains a space. */
function messagesOf(section: string): readonly string[] {
  const [, text = ""] = page.split(`\n## ${section}\n`);
  const [rows = ""] = text.split("\n## ");
  return [...rows.matchAll(/^\| (.*?) \| /gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code).filter((it) => it.includes(" ")),
  );
}

const page = readFileSync(join(root, "docs/troubleshooting.md"), "utf8");

describe("messages in docs/troubleshooting.md", () => {
  it.each([
    { section: "An SDK gets no flags from the relay", source: "relay" },
    { section: "OFREP or the manifest returns an error", source: "relay" },
    { section: "An isolate serves defaults", source: "edge" },
  ])("in the section $section occur in the source of $source", ({ section, source }) => {
    const messages = messagesOf(section);
    const code = sourceOf(source);
    // `…` replaces a value. Text before a colon may be the name of an option.
    const isThere = (message: string): boolean =>
      message.split(/…|: |\\\|/).every((part) => code.includes(part.trim()));
    expect(messages.length).toBeGreaterThan(4);
    expect(messages.filter((message) => !isThere(message))).toEqual([]);
  });
});
