import { describe, expect, it } from "vitest";
import { readCommand } from "../options.js";

const IDS = ["eppo:W1", "eppo:W6"];

describe("the command line of a comparison", () => {
  it.each([
    { args: [], limit: 1.02, because: "two per cent are the default" },
    { args: ["--limit", "1.1"], limit: 1.1, because: "another one is given" },
  ])("has the limit $limit for $args, because $because", ({ args, limit }) => {
    expect(readCommand(["--against", "../before", "--cells", "W6", ...args], IDS)).toEqual({
      kind: "compare",
      mode: "full",
      cellIds: ["eppo:W6"],
      jsonFile: null,
      against: "../before",
      limit,
    });
  });

  it.each([
    {
      args: ["--against", "x", "--limit", "fast"],
      message: '--limit: expected a number above 1, got "fast"',
    },
    {
      args: ["--against", "x", "--limit", ""],
      message: '--limit: expected a number above 1, got ""',
    },
    {
      args: ["--against", "x", "--limit", "1"],
      message: '--limit: expected a number above 1, got "1"',
    },
    {
      args: ["--against", "x", "--limit=-2"],
      message: '--limit: expected a number above 1, got "-2"',
    },
    {
      args: ["--against", "x", "--limit", "Infinity"],
      message: '--limit: expected a number above 1, got "Infinity"',
    },
    { args: ["--limit", "1.1"], message: "--limit is for comparisons: --against is missing" },
    { args: ["--against", "x", "--chart", "c.svg"], message: "--chart: a comparison has no chart" },
    { args: ["--against", ""], message: "--against: expected a folder" },
  ])("refuses $args", ({ args, message }) => {
    expect(readCommand(args, IDS)).toEqual({ kind: "misuse", message });
  });
});
