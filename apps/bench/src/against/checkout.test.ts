import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openCheckout } from "./checkout.js";

describe("openCheckout", () => {
  const folder = mkdtempSync(join(tmpdir(), "sortition-checkout-"));
  const bench = join(folder, "apps/bench/dist");
  const put = (file: string, content: string): void => {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), content);
  };
  const manifest = JSON.stringify({ name: "sortition-workspace" });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("asks the bench for its cells", () => {
    put("package.json", manifest);
    const help =
      "Options\n  --cells  as in eppo:W9\n\nCells\n  eppo:W1   one\n  cli:evaluate  two\n\nExit";
    put("apps/bench/dist/main.js", `console.log(${JSON.stringify(help)})`);
    expect(openCheckout(folder)).toEqual({ folder, bench, cellIds: ["eppo:W1", "cli:evaluate"] });
  });

  it("refuses a folder that does not exist", () => {
    expect(() => openCheckout(folder)).toThrow(`${folder} does not exist`);
  });

  it.each([
    { content: JSON.stringify({ name: "other" }), because: "it is another project" },
    { content: "{", because: "its manifest cannot be read" },
  ])("refuses another folder: $because", ({ content }) => {
    put("package.json", content);
    expect(() => openCheckout(folder)).toThrow(`${folder} is no checkout of this repository`);
  });

  it("says what to run if there is no build", () => {
    put("package.json", manifest);
    const message = `${folder} has no build: run \`npm run build\` in it`;
    expect(() => openCheckout(folder)).toThrow(message);
    put("apps/bench/dist/main.js", 'import "@sortition/not-built";');
    expect(() => openCheckout(folder)).toThrow(`${message} (Error [ERR_MODULE_NOT_FOUND]`);
  });
});
