import { expect, it } from "vitest";
import { checkEntries, checkOrder, ownersOf } from "../config/build/inner-files.ts";

type Imports = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Module → imported module → names. */
function graphOf(imports: Imports) {
  return new Map(
    Object.entries(imports).map(([module, imported]) => [
      module,
      Object.entries(imported).map(([from, names]) => ({ module: from, names })),
    ]),
  );
}

const ENTRIES = ["index", "client"];
const SHARED = {
  index: { client_class: ["Client"], eppo: ["eppo"] },
  client: { client_class: ["Client"] },
  eppo: {},
  client_class: { clock: ["now"] },
  clock: {},
};

it("puts a module where only one entry needs it, and else where the package says", () => {
  const seen: Record<string, readonly string[]> = {};
  const owners = ownersOf(graphOf(SHARED), ENTRIES, (module, reachedBy) => {
    seen[module] = reachedBy;
    return module === "clock" ? "shared" : "client";
  });
  expect(Object.fromEntries(owners)).toEqual({
    index: "index",
    client: "client",
    eppo: "index",
    client_class: "client",
    clock: "shared",
  });
  expect(seen).toEqual({ client_class: ENTRIES, clock: ENTRIES });
});

it("lets an entry take from another what that one exports", () => {
  const graph = graphOf(SHARED);
  const owners = ownersOf(graph, ENTRIES, () => "client");
  expect(() => checkEntries(graph, owners, ENTRIES)).not.toThrow();
  expect(() => checkOrder(graph, owners)).not.toThrow();
});

it("refuses a name that the other entry does not export", () => {
  const index = { ...SHARED.index, client_class: ["Client", "receive"] };
  const graph = graphOf({ ...SHARED, index });
  const owners = ownersOf(graph, ENTRIES, () => "client");
  expect(() => checkEntries(graph, owners, ENTRIES)).toThrow(
    '"receive" of client_class.ts is in the file of "client", which does not export it',
  );
});

it("puts what one entry alone needs into the inner file that other packages import in its place", () => {
  const together = { shared: ["index"] };
  const owners = ownersOf(graphOf(SHARED), ENTRIES, () => "shared", together);
  expect(Object.fromEntries(owners)).toEqual({
    index: "index",
    client: "client",
    eppo: "shared",
    client_class: "shared",
    clock: "shared",
    shared: "shared",
  });
});

it("refuses files that import each other", () => {
  const graph = graphOf({ ...SHARED, client_class: { eppo: ["eppo"] }, eppo: { clock: ["now"] } });
  const owners = ownersOf(graph, ENTRIES, (module) => (module === "eppo" ? "index" : "client"));
  expect(() => checkOrder(graph, owners)).toThrow("imports itself by another");
});
