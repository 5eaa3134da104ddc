import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./markdown.js";

/** Returns the source of a package, or its tests. */
function filesOf(name: string, areTests: boolean): readonly string[] {
  const folders = ["src", ...(areTests ? ["test"] : [])].map((it) =>
    join(root, "packages", name, it),
  );
  const files = folders.flatMap((folder) => {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return names.map((it) => join(folder, it));
  });
  return files
    .filter((file) => /\.tsx?$/.test(file))
    .filter((file) => /\/test\/|\.test\.tsx?$/.test(file) === areTests)
    .map((file) => readFileSync(file, "utf8"));
}

/** Returns the messages in the first column of a section: code that contains a space. */
function messagesOf(section: string): readonly string[] {
  const [, text = ""] = page.split(`\n## ${section}\n`);
  const [rows = ""] = text.split("\n## ");
  return [...rows.matchAll(/^\| (.*?) \| /gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code).filter((it) => it.includes(" ")),
  );
}

/** Whether a text has all parts of a message. `…` replaces a value, and text before a colon may be the name of an option. */
function isIn(text: string, message: string): boolean {
  return message.split(/…|: |\\\|/).every((part) => text.includes(part.trim()));
}

const page = readFileSync(join(root, "docs/troubleshooting.md"), "utf8");

describe("messages in docs/troubleshooting.md", () => {
  it.each([
    { section: "An SDK gets no flags from the relay", source: "relay" },
    { section: "OFREP or the manifest returns an error", source: "relay" },
    { section: "An isolate serves defaults", source: "edge" },
  ])("in the section $section occur in the source of $source", ({ section, source }) => {
    const messages = messagesOf(section);
    const code = filesOf(source, false).join("\n");
    expect(messages.length).toBeGreaterThan(4);
    expect(messages.filter((message) => !isIn(code, message))).toEqual([]);
  });

  it("in the section A warning about a call each have a test", () => {
    const packages = ["core", "eppo", "growthbook", "amplitude", "posthog"];
    const messages = messagesOf("A warning about a call");
    const programs = readdirSync(join(root, "test/mistakes")).filter((it) => it.endsWith(".ts"));
    const tests = [
      ...packages.flatMap((it) => filesOf(it, true)),
      ...programs.map((it) => readFileSync(join(root, "test/mistakes", it), "utf8")),
    ];
    expect(messages.length).toBeGreaterThan(30);
    const isTested = (message: string): boolean => tests.some((it) => isIn(it, message));
    expect(messages.filter((message) => !isTested(message))).toEqual([]);
  });
});
