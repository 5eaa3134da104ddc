import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { describeSurface, Surface } from "@sortition/dialect-kit/surface";
import { PostHog as VendorPostHog } from "posthog-node";
import { describe, expect, it } from "vitest";
import { OPTION_NAMES } from "../../src/client/vendor-options.js";
import { INNER_PROTOTYPE, POSTHOG_SURFACE, WORKING } from "./surface.js";

const entry = createRequire(import.meta.url).resolve("posthog-node");
const surface = new Surface({
  vendor: {
    declarations: entry.replace(/\.c?js$/, ".d.ts"),
    isVendorFile: (path) => /node_modules\/(posthog-node|@posthog\/core)\//.test(path),
  },
  ours: fileURLToPath(new URL("../../src/index.ts", import.meta.url)),
});

const program = fileURLToPath(new URL("program.ts", import.meta.url));
describeSurface("posthog-node", surface, POSTHOG_SURFACE, program);

/** Returns the names of all members in the prototypes of a class. */
function prototypeNames(type: { readonly prototype: object }): ReadonlySet<string> {
  const names = new Set<string>();
  let holder: object = type.prototype;
  while (holder !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(holder)) names.add(name);
    holder = Object.getPrototypeOf(holder) as object;
  }
  return names;
}

describe("the prototype of posthog-node's class", () => {
  it("has only listed names", () => {
    const declared = surface
      .vendorNames()
      .flatMap((name) => (name.startsWith("PostHog.") ? [name.slice("PostHog.".length)] : []));
    const known = new Set([...declared, ...INNER_PROTOTYPE]);
    expect([...prototypeNames(VendorPostHog)].filter((name) => !known.has(name))).toEqual([]);
  });

  it("has the listed inner names", () => {
    const names = prototypeNames(VendorPostHog);
    expect(INNER_PROTOTYPE.filter((name) => !names.has(name))).toEqual([]);
  });
});

describe("the page about PostHog", () => {
  it("names every unsupported member and option", () => {
    const url = new URL("../../../../docs/vendors/posthog.md", import.meta.url);
    const page = readFileSync(url, "utf8");
    const names = [...Object.keys(POSTHOG_SURFACE.notThere), "PostHog.privacyMode"].flatMap(
      (name) => /^(?:PostHog|PostHog\.options|IPostHog)\.(\w+)$/.exec(name)?.[1] ?? [],
    );
    expect(names.length).toBeGreaterThan(20);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("our class", () => {
  it("accepts every option listed as working", () => {
    expect(WORKING.options.filter((name) => !OPTION_NAMES.includes(name))).toEqual([]);
    expect(WORKING.idleOptions.filter((name) => OPTION_NAMES.includes(name))).toEqual([]);
  });
});
