import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { provideBenches } from "../src/against/benches.js";
import { openCheckout } from "../src/against/checkout.js";
import type { ComparisonReport } from "../src/against/report.js";

const root = join(import.meta.dirname, "../../..");
const home = join(root, "apps/bench");
const main = join(home, "dist/main.js");
const run = (...args: string[]) => promisify(execFile)(process.execPath, [main, ...args]);

describe("a comparison with another checkout", () => {
  const folder = mkdtempSync(join(tmpdir(), "sortition-checkout-"));
  const link = (path: string): void =>
    symlinkSync(join(root, path), join(folder, path), "junction");
  const copy = (path: string): void => copyFileSync(join(root, path), join(folder, path));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** This checkout, but for some packages, and with these cells. */
  function makeCheckout(withoutPackages: readonly string[], cellIds: readonly string[]): void {
    for (const it of ["packages", "apps/bench/dist"])
      mkdirSync(join(folder, it), { recursive: true });
    copy("package.json");
    for (const name of readdirSync(join(root, "packages")))
      if (!withoutPackages.includes(name)) link(`packages/${name}`);
    const help = `Cells\n${cellIds.map((id) => `  ${id}  a cell\n`).join("")}`;
    writeFileSync(
      join(folder, "apps/bench/dist/main.js"),
      `console.log(${JSON.stringify(`\n${help}`)});`,
    );
  }

  it("measures its packages by our cells, says what is above the limit, and ends with 1", async () => {
    makeCheckout(["node"], ["eppo:W9-packages"]);
    // The same package with one dependency less.
    const manifest = JSON.parse(readFileSync(join(root, "packages/node/package.json"), "utf8"));
    mkdirSync(join(folder, "packages/node"));
    for (const it of ["dist", "node_modules"]) link(`packages/node/${it}`);
    copy("packages/node/README.md");
    delete manifest.dependencies.undici;
    writeFileSync(join(folder, "packages/node/package.json"), JSON.stringify(manifest));

    const file = join(folder, "report.json");
    const args = ["--cells", "eppo:W9-packages,evaluate", "--limit", "1.4", "--json", file];
    const { code, stdout } = await run("--against", folder, ...args).catch((cause) => cause);
    expect(stdout).toContain("above 1.4:\n  eppo:W9-packages, @sortition/node: 1.500 ×");
    expect(stdout).toContain("new:\n  cli:evaluate");
    expect(code).toBe(1);
    const report: ComparisonReport = JSON.parse(readFileSync(file, "utf8"));
    expect(report).toMatchObject({
      against: folder,
      limit: 1.4,
      cells: [
        { state: "compared", participants: [{ medians: { ours: 3, control: 3, theirs: 2 } }] },
        { id: "cli:evaluate", state: "new" },
      ],
    });
  });

  it.skipIf(process.platform === "win32")(
    "leaves nothing behind if it is interrupted",
    async () => {
      const leftovers = (): readonly string[] => readdirSync(folder);
      mkdirSync(folder);
      const child = spawn(process.execPath, [main, "--against", root, "--cells", "eppo:W1"], {
        env: { ...process.env, TMPDIR: folder },
        stdio: ["ignore", "pipe", "ignore"],
      });
      await once(child.stdout, "data");
      expect(leftovers()).toHaveLength(2);
      child.kill("SIGTERM");
      expect(await once(child, "exit")).toEqual([1, null]);
      expect(leftovers()).toEqual([]);
    },
  );

  it("finds no difference between this build and itself", async () => {
    const file = join(folder, "report.json");
    const { stdout } = await run("--against", root, "--cells", "W9-packages", "--json", file);
    expect(stdout).toMatch(/@sortition\/node +3 +3 +1\.000 × +1\.000 × .* within 1\.02/);
  });

  it("lends a package that the other checkout lacks", () => {
    makeCheckout(["posthog"], ["eppo:W1"]);
    const benches = provideBenches(home, openCheckout(folder));
    expect(benches).toMatchObject({ difference: null, lent: ["@sortition/posthog"] });
    benches.remove();
  });

  it("leaves the measuring to the other bench if ours cannot import the other packages", () => {
    makeCheckout(["posthog"], ["eppo:W1"]);
    const posthog = join(folder, "packages/posthog");
    mkdirSync(posthog);
    copy("packages/posthog/package.json");
    const benches = provideBenches(home, openCheckout(folder));
    expect(benches).toMatchObject({
      ours: join(home, "dist"),
      theirs: join(folder, "apps/bench/dist"),
      difference: expect.stringContaining("posthog"),
      lent: [],
    });
    benches.remove();
  });
});

it("refuses a folder that is no checkout", async () => {
  await expect(run("--against", tmpdir())).rejects.toMatchObject({
    code: 2,
    stderr: `bench: --against: ${tmpdir()} is no checkout of this repository\n`,
  });
});
