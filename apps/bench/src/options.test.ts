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

  it.each([
    { args: ["--dialect", "nope"], message: 'no dialect "nope"; there are core, eppo, toy' },
    {
      args: ["--dialect", "Epo"],
      message: 'no dialect "Epo" (nearest: "eppo"); there are core, eppo, toy',
    },
    {
      args: ["--cells", "W9"],
      message: `no cell "W9" (nearest: "W1"); there are ${IDS.join(", ")}`,
    },
    {
      args: ["--cells", "epo:W6"],
      message: `no cell "epo:W6" (nearest: "eppo:W6"); there are ${IDS.join(", ")}`,
    },
    {
      args: ["--dialect", "eppo", "--cells", "hash"],
      message: 'no cell "hash"; there are eppo:W1, eppo:W6',
    },
  ])("refuses $args", ({ args, message }) => {
    expect(readCommand(args, IDS)).toEqual({ kind: "misuse", message });
  });
});
