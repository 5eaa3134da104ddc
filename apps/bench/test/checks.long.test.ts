import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CELLS } from "../src/cells/catalogue.js";
import type { Answers } from "../src/cells/cell.js";
import { prepareLogging } from "../src/cells/logging.js";
import { start } from "../src/cells/starting.js";
import { findContradiction, mergeAnswers } from "../src/check.js";
import { native } from "../src/dialects/eppo/peers.js";
import { eppo } from "../src/dialects/eppo/vendor.js";
import type { Peer } from "../src/dialects/peer.js";

/** Results that are wrong even if all participants agree on them. */
interface Fault {
  readonly ids: readonly string[];
  readonly topic: string;
  readonly spoil: (answers: readonly unknown[]) => readonly unknown[];
  readonly because: string;
}

const allBut = (first: unknown) => (answers: readonly unknown[]) => [first, ...answers.slice(1)];
const allThe = (answer: unknown) => (answers: readonly unknown[]) => answers.map(() => answer);
const rotated = (answers: readonly unknown[]) => [...answers.slice(1), answers[0]];
const FIRST_LOGGED = ["W1", "W3", "W4", "W5"].map((id) => `${id}-first-logged`);
const SHOP = ["W8-100", "W8-1000", "W8"];

const FAULTS: readonly Fault[] = [
  { ids: ["W1"], topic: "values", spoil: allThe(true), because: "all are on" },
  { ids: ["W1"], topic: "values", spoil: rotated, because: "others are on" },
  { ids: ["W1", "W2", "W3"], topic: "shards", spoil: rotated, because: "the floor hashes others" },
  { ids: ["W2", "W3"], topic: "md5", spoil: rotated, because: "the floor hashes others" },
  { ids: ["W2"], topic: "values", spoil: allThe("control"), because: "no subject is treated" },
  { ids: ["W2", "W3"], topic: "values", spoil: rotated, because: "others are assigned" },
  {
    ids: ["W3"],
    topic: "values",
    spoil: allBut("not targeted"),
    because: "one matched no rule",
  },
  { ids: ["W4"], topic: "countsOn", spoil: allBut(0), because: "one has nothing on" },
  { ids: ["W4"], topic: "countsOn", spoil: allThe(250), because: "all have the same number on" },
  { ids: ["W5"], topic: "hit", spoil: allBut("not targeted"), because: "one was not found" },
  { ids: ["W5"], topic: "miss", spoil: allBut("invited"), because: "one was found" },
  { ids: ["W6"], topic: "events", spoil: allThe(20_000), because: "each subject was logged twice" },
  { ids: ["W6"], topic: "values", spoil: allThe(false), because: "all are off" },
  { ids: ["W1-unlogged"], topic: "events", spoil: allThe(1), because: "one was logged" },
  { ids: FIRST_LOGGED, topic: "events", spoil: allThe(0), because: "none was logged" },
  { ids: ["W7-10", "W7-100"], topic: "actions", spoil: allBut(null), because: "one got no action" },
  { ids: ["W7-10", "W7-100"], topic: "actions", spoil: allThe("a"), because: "all got the same" },
  { ids: SHOP, topic: "flagCount", spoil: allThe(99), because: "some lack" },
  { ids: SHOP, topic: "texts", spoil: allThe("nothing"), because: "all are defaults" },
];

/** These cells check their results in their own processes. */
const STARTS = ["W9", "W9-cold", "W9-import", "W9-init", "W9-network"];
/** Results of cells whose preparation takes long. */
const PREPARED: Readonly<Record<string, Answers>> = {
  W8: { flagCount: [10_000], texts: ["a", "b", "c"] },
};

/** Returns the results of all participants except the vendor's SDK, which needs its own process. */
async function answersOf(id: string): Promise<Answers> {
  const prepared = PREPARED[withoutDialect(id)];
  if (prepared !== undefined) return prepared;
  const participants = CELLS.find((cell) => cell.id === id)?.participants ?? [];
  const isOwn = (name: string): boolean => !name.startsWith("@eppo");
  const answers = new Map<string, Answers>();
  for (const { name, prepare } of participants) {
    if (isOwn(name)) answers.set(name, (await prepare()).answers);
  }
  expect(findContradiction(answers)).toBeNull();
  return mergeAnswers(answers);
}

function withoutDialect(id: string): string {
  return id.slice(id.indexOf(":") + 1);
}

/** Other tests check the cells of other dialects. */
const isChecked = ({ id }: { readonly id: string }): boolean =>
  /^eppo:/.test(id) && !STARTS.includes(withoutDialect(id));

describe.each(CELLS.filter(isChecked))("the check of $id", (cell) => {
  const faults = FAULTS.filter(({ ids }) => ids.includes(withoutDialect(cell.id)));

  it("accepts correct results, and rejects each fault", async () => {
    const answers = await answersOf(cell.id);
    expect(cell.findFault(answers)).toBeNull();
    expect(faults).not.toEqual([]);
    for (const { topic, spoil, because } of faults) {
      const given = answers[topic] ?? [];
      const fault = cell.findFault({ ...answers, [topic]: spoil(given) });
      expect(fault, `${topic}: ${because}`).toEqual(expect.any(String));
    }
  });
});

describe("prepareLogging", () => {
  it("fails in the round in which an assignment is logged again", async () => {
    let log = (): void => {};
    const peer: Peer = {
      ...native,
      open(bytes, logged) {
        log = logged?.onEvent ?? log;
        return native.open(bytes, logged);
      },
    };
    const task = await prepareLogging(eppo, peer);
    expect(task.run(10)).toBeGreaterThan(0);
    log();
    expect(() => task.run(10)).toThrow("1 assignments were logged again");
  });
});

describe("start", () => {
  it("fails if the process ends with an error", () => {
    const folder = mkdtempSync(join(tmpdir(), "sortition-bench-"));
    const file = join(folder, "wrong.mjs");
    writeFileSync(file, "process.exitCode = 3;");
    try {
      expect(() => start(file, [])).toThrow(/wrong\.mjs ended with 3/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
