import { describe, expect, it } from "vitest";
import { readCommand } from "./options.js";

const IDS = ["core:hash", "eppo:W1", "eppo:W6", "toy:W1"];

describe("readCommand", () => {
  it.each([
    { args: [], ids: IDS, because: "nothing is excluded" },
    { args: ["--dialect", "eppo"], ids: ["eppo:W1", "eppo:W6"], because: "a dialect is named" },
    { args: ["--cells", "w1"], ids: ["eppo:W1", "toy:W1"], because: "each dialect has one" },
    { args: ["--cells", "eppo:W1"], ids: ["eppo:W1"], because: "the id names the dialect" },
    { args: ["--cells", "W6,hash"], ids: ["eppo:W6", "core:hash"], because: "it is a list" },
    { args: ["--dialect", "toy", "--cells", "W1"], ids: ["toy:W1"], because: "both restrict" },
  ])("selects $ids for $args, because $because", ({ args, ids }) => {
    expect(readCommand(args, IDS)).toMatchObject({ kind: "run", cellIds: ids });
  });

  it("compares with another checkout", () => {
    expect(readCommand(["--against", "../before", "--cells", "hash"], IDS)).toEqual({
      ...{ kind: "compare", mode: "full", cellIds: ["core:hash"], jsonFile: null },
      against: "../before",
    });
  });

  const ALL = IDS.join(", ");
  it.each([
    ["--dialect nope", 'no dialect "nope"; there are core, eppo, toy'],
    ["--dialect Epo", 'no dialect "Epo" (nearest: "eppo"); there are core, eppo, toy'],
    ["--cells W9", `no cell "W9" (nearest: "W1"); there are ${ALL}`],
    ["--cells epo:W6", `no cell "epo:W6" (nearest: "eppo:W6"); there are ${ALL}`],
    ["--dialect eppo --cells hash", 'no cell "hash"; there are eppo:W1, eppo:W6'],
    ["--against=", "--against: expected a folder"],
  ])("rejects %s", (args = "", message = "") => {
    expect(readCommand(args.split(" "), IDS)).toEqual({ kind: "misuse", message });
  });
});
