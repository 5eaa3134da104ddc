import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import {
  checkSurface,
  describeSurface,
  Surface,
  type SurfaceLists,
} from "@sortition/dialect-kit/surface";
import { describe, expect, it } from "vitest";
import { CLIENT_OPTIONS, INSTANCE_OPTIONS } from "../../src/messages/option-checks.js";
import { type Exceptions, GROWTHBOOK_SURFACE, PLUGINS_SURFACE } from "./surface.js";

const vendor = createRequire(import.meta.url).resolve("@growthbook/growthbook/package.json");

const surfaceOf = (entry: string, declarations: string): Surface =>
  new Surface({
    vendor: {
      declarations: vendor.replace("package.json", declarations),
      isVendorFile: (path) => path.includes("/@growthbook/growthbook/"),
    },
    ours: fileURLToPath(new URL(`../../src/${entry}.ts`, import.meta.url)),
  });
const library = surfaceOf("index", "dist/index.d.ts");
const plugins = surfaceOf("plugins", "dist/plugins/index.d.ts");

const program = fileURLToPath(new URL("program.ts", import.meta.url));

/** Lists every name of the vendor that is no exception as working. */
function withOthers(surface: Surface, exceptions: Exceptions): SurfaceLists {
  const works = checkSurface(surface.vendorNames(), { ...exceptions, works: [] }).unsorted;
  return { ...exceptions, works };
}
const ofLibrary = withOthers(library, GROWTHBOOK_SURFACE);
const ofPlugins = withOthers(plugins, PLUGINS_SURFACE);
describeSurface("@growthbook/growthbook", library, ofLibrary, program);
describeSurface("@growthbook/growthbook/plugins", plugins, ofPlugins, program);

describe("our public surface", () => {
  it("treats every option as listed", () => {
    const optionsOf = (type: string, names: readonly string[]): string[] =>
      names.filter((it) => it.startsWith(`${type}.`)).map((it) => it.slice(type.length + 1));
    const { works, differs } = ofLibrary;
    for (const name of optionsOf("Options", [...works, ...Object.keys(differs)])) {
      if (name.includes("*") || name.includes(".")) continue;
      expect(INSTANCE_OPTIONS.has(name), name).toBe(true);
    }
    for (const name of optionsOf("ClientOptions", works)) {
      expect(CLIENT_OPTIONS.has(name), name).toBe(true);
    }
  });
});
