import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  checkEntries,
  checkOrder,
  innerNames,
  ownersOf,
  withoutCopied,
} from "../config/build/inner-files.ts";
import { LAYOUTS } from "../config/build/layouts.ts";

type Imports = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Module → imported module → names. */
function graphOf(imports: Imports) {
  return new Map(
    Object.entries(imports).map(([module, imported]) => [
      module,
      Object.entries(imported).map(([from, names]) => ({ module: from, names, as: names })),
    ]),
  );
}

const ENTRIES = ["index", "client"];
/** What several entries need is in one file. */
const layoutOf = (shared: string) => ({
  entries: ENTRIES,
  fileOf: (_: string, [only = "", ...others]: readonly string[]) =>
    others.length === 0 ? only : shared,
});
const SHARED = {
  index: { client_class: ["Client"], eppo: ["eppo"] },
  client: { client_class: ["Client"] },
  eppo: {},
  client_class: { clock: ["now"] },
  clock: {},
};

it("puts modules where the layout says, which is told the entries that reach them", () => {
  const seen: Record<string, readonly string[]> = {};
  const fileOf = (module: string, reachedBy: readonly string[]): string => {
    seen[module] = reachedBy;
    return module === "clock" ? "shared" : "client";
  };
  const owners = ownersOf(graphOf(SHARED), { entries: ENTRIES, fileOf });
  expect(Object.fromEntries(owners)).toEqual({
    index: "index",
    client: "client",
    eppo: "client",
    client_class: "client",
    clock: "shared",
  });
  expect(seen).toEqual({ client_class: ENTRIES, clock: ENTRIES, eppo: ["index"] });
});

it("begins a file with a module that is loaded later", () => {
  const graph = graphOf({ ...SHARED, "disk/run": { clock: ["now"], "disk/copy": ["read"] } });
  const owners = ownersOf(graph, layoutOf("shared"), new Map([["disk/run", "run"]]));
  expect(owners.get("disk/run")).toBe("run");
  expect(owners.get("disk/copy")).toBe("run");
  expect(owners.get("clock")).toBe("shared");
});

it("gives a copied module no file: who imports it imports what it needs", () => {
  const graph = graphOf({ ...SHARED, client_class: { eppo: ["eppo"] }, eppo: { clock: ["now"] } });
  const without = withoutCopied(graph, (module) => module === "eppo");
  expect(without.has("eppo")).toBe(false);
  expect(without.get("client_class")).toEqual([{ module: "clock", names: ["now"], as: ["now"] }]);
});

it("lets an entry take from another what that one exports", () => {
  const graph = graphOf(SHARED);
  const owners = ownersOf(graph, layoutOf("client"));
  expect(() => checkEntries(graph, owners, ENTRIES)).not.toThrow();
  expect(() => checkOrder(graph, owners)).not.toThrow();
});

it("refuses a name that the other entry does not export", () => {
  const index = { ...SHARED.index, client_class: ["Client", "receive"] };
  const graph = graphOf({ ...SHARED, index });
  const owners = ownersOf(graph, layoutOf("client"));
  expect(() => checkEntries(graph, owners, ENTRIES)).toThrow(
    '"receive" of client_class.ts is in the file of "client", which does not export it',
  );
});

it("refuses a name that the other entry exports under another one", () => {
  const client = [{ module: "client_class", names: ["Client"], as: ["TheClient"] }];
  const graph = new Map([...graphOf(SHARED), ["client", client] as const]);
  const owners = ownersOf(graph, layoutOf("client"));
  expect(() => checkEntries(graph, owners, ENTRIES)).toThrow('"Client" of client_class.ts');
});

it("refuses files that import each other", () => {
  const graph = graphOf({ ...SHARED, client_class: { eppo: ["eppo"] }, eppo: { clock: ["now"] } });
  const fileOf = (module: string): string => (module === "eppo" ? "index" : "client");
  const owners = ownersOf(graph, { entries: ENTRIES, fileOf });
  expect(() => checkOrder(graph, owners)).toThrow("imports itself by another");
});

it.each(Object.entries(LAYOUTS))(
  "keeps the names of the last release of %s in their files",
  (folder, layout) => {
    const root = join(import.meta.dirname, "..");
    const file = join(root, "config/build/inner-names.json");
    const released: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> =
      JSON.parse(readFileSync(file, "utf8"));
    const names = innerNames(join(root, "packages", folder, "src"), layout);
    const gone = Object.entries(released[folder] ?? {}).flatMap(([file, listed]) =>
      listed.filter((name) => !names[file]?.includes(name)).map((name) => `${file}: ${name}`),
    );
    expect(gone).toEqual([]);
  },
);
