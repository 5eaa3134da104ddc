import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireEqualBuilds } from "./equal-builds.js";

const PUBLISHED = 'export * from "./index.cjs";\n';
const FOR_TESTS = 'export * from "../src/index.js";\n';

describe("requireEqualBuilds", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sortition-builds-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A checkout with the given declarations of its packages; `null`: a program, which has none. */
  function makeCheckout(name: string, ...declarations: readonly (string | null)[]): string {
    for (const [i, text] of declarations.entries()) {
      const dist = join(folder, name, "packages", `package-${i}`, "dist");
      mkdirSync(dist, { recursive: true });
      writeFileSync(join(dist, "../package.json"), JSON.stringify({ name: `package-${i}` }));
      if (text !== null) writeFileSync(join(dist, "index.d.ts"), text);
    }
    return join(folder, name);
  }

  it.each([
    { what: "published", ours: [PUBLISHED, null], theirs: [PUBLISHED, null] },
    { what: "run by tests", ours: [FOR_TESTS, null], theirs: [FOR_TESTS, null] },
  ])("accepts two builds of what is $what", ({ ours, theirs }) => {
    requireEqualBuilds(makeCheckout("ours", ...ours), makeCheckout("theirs", ...theirs));
  });

  it.each([
    { which: "theirs", ours: [PUBLISHED, PUBLISHED], theirs: [PUBLISHED, FOR_TESTS] },
    { which: "ours", ours: [FOR_TESTS, FOR_TESTS], theirs: [PUBLISHED, PUBLISHED] },
    { which: "ours", ours: [PUBLISHED, FOR_TESTS], theirs: [PUBLISHED, PUBLISHED] },
    { which: "theirs", ours: [PUBLISHED, FOR_TESTS], theirs: [FOR_TESTS, FOR_TESTS] },
  ])("names the one that is built for tests: $which", ({ which, ours, theirs }) => {
    const checkouts = [makeCheckout("ours", ...ours), makeCheckout("theirs", ...theirs)] as const;
    expect(() => requireEqualBuilds(...checkouts)).toThrow(
      `${join(folder, which)} has the build of its tests: run \`npm run build\` in it`,
    );
  });
});
