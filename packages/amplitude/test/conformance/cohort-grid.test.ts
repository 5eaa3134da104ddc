// Bodies of cohorts, compared with the vendor's downloads, which are parsed with `JSON.parse`.
import { SdkCohortApi } from "@amplitude/experiment-node-server/dist/src/local/cohort/cohort-api.js";
import { DecodeError } from "@sortition/core/dialect";
import { isInPart } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { CohortIndex } from "../../src/dialect/cohorts/cohort-index.js";
import { tableOfCohort } from "../../src/dialect/cohorts/cohort-parts.js";
import type { Cohort } from "../../src/dialect/cohorts/cohorts.js";

const REQUEST = { libraryName: "", libraryVersion: "", cohortId: "c1", maxCohortSize: 1 };
const MARK = [0xef, 0xbb, 0xbf];
/** Around 252 units, the maximum length that is compared without encoding. */
const LENGTHS = [0, 1, 2, 3, 4, 5, 7, 8, 9, 251, 252, 253, 256];
const CHARACTERS = ["a", "?", "@", "\u007f", "\u0080", "ÿ", "Ā", "\u07ff", "\u0800", "漢", "😀"];
const IDS: readonly string[] = [
  ...LENGTHS.map((length) => "x".repeat(length)),
  ...CHARACTERS.flatMap((it) => [it, `${it}bc`, `abc${it}`, `abcd${it}f`, `ab${it}`.repeat(70)]),
];
const BODIES: readonly string[] = [
  `{"cohortId":"c1","groupType":"User","lastModified":1,"size":3,"memberIds":["alice",5,true,"\\u0062ob"]}`,
  ` { "memberIds" : [ ] , "memberIds":[ "a\\"b" , -1.5e+3 , null ] , "more":{"a":["]",{}]} , "groupType":"org" } `,
  `{"groupType":"User","memberIds":[]}`,
  " { } ",
  `{"groupType":"User","memberIds":[{"a":["alice"]},[5],"bob",[],{}, [[ "}" ]] ]}`,
];
const REPLACEMENTS: readonly string[] = ["", ...'\0\t\n !"\\,:[]{}-+.0159aeEtfnu~'];
const ASKED: readonly unknown[] = [
  ...["alice", "bob", 'a"b', "", "\\u0062ob", "5", 5, 1, 15, true, false, null, -1500, "alic", {}],
  ...[undefined, "alice5", ...IDS],
];

/** Why a body has no ids. */
type Rejection = "not JSON" | "no cohort";

function read(bytes: Uint8Array): Cohort | Rejection {
  const steps = tableOfCohort(bytes, "c1");
  try {
    for (;;) {
      const { done, value } = steps.next();
      if (done) return new CohortIndex(value);
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return /memberIds|groupType/.test(error.path) ? "no cohort" : "not JSON";
  }
}

/** Returns what our index of a body says, and what the vendor's set of its ids says. */
async function answersTo(bytes: Uint8Array): Promise<Readonly<Record<"ours" | "vendor", unknown>>> {
  const ours = read(bytes);
  return {
    ours:
      typeof ours === "string"
        ? ours
        : [ours.groupType, ours.size, ASKED.filter((id) => ours.has(id))],
    vendor: await vendorAnswerTo(bytes),
  };
}

async function vendorAnswerTo(bytes: Uint8Array): Promise<unknown> {
  // The vendor fails on a byte order mark. We skip it, as in every payload.
  const body = new TextDecoder().decode(bytes);
  const api = new SdkCohortApi("", "", { request: async () => ({ status: 200, body }) });
  let groupType: unknown;
  let ids: unknown;
  try {
    ({ groupType, memberIds: ids } = (await api.getCohort(REQUEST)) ?? {});
  } catch {
    return "not JSON";
  }
  // We reject a cohort without these members. The vendor stores it, but cannot evaluate with it.
  if (typeof groupType !== "string" || !(ids instanceof Set)) return "no cohort";
  return [groupType, ids.size, ASKED.filter((id) => ids.has(id))];
}

async function differences(bodies: Iterable<Uint8Array>): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (const body of bodies) {
    const { ours, vendor } = await answersTo(body);
    if (JSON.stringify(ours) !== JSON.stringify(vendor)) {
      found.push({ body: Buffer.from(body).toString("latin1"), ours, vendor });
    }
  }
  return found;
}

it("reads a body with and without a byte order mark, and no other first bytes", async () => {
  const marks = [0, 1, 2].flatMap((at) =>
    [0x00, 0x20, 0x7b, 0xbb, 0xbf, 0xef, 0xfe].map((it) => MARK.with(at, it)),
  );
  const starts = [[], MARK, [0xef], [0xef, 0xbb], [...MARK, ...MARK], [0xbb, 0xbf], ...marks];
  const bodies = BODIES.flatMap((it) => starts.map((start) => [...start, ...Buffer.from(it)]));
  expect(await differences([...bodies, ...starts].map((it) => Uint8Array.from(it)))).toEqual([]);
});

it("accepts a body with one byte removed or replaced only if it is JSON", async () => {
  function* changed(): Generator<Uint8Array> {
    for (const body of BODIES) {
      for (let i = 0; i < body.length; i++) {
        for (const it of REPLACEMENTS.filter((_, column) => isInPart(i, column)))
          yield Buffer.from(body.slice(0, i) + it + body.slice(i + 1));
      }
    }
  }
  expect(await differences(changed())).toEqual([]);
});

it("finds ids of any length and characters, and no others", async () => {
  const body = (memberIds: readonly unknown[]) =>
    Buffer.from(JSON.stringify({ groupType: "User", memberIds }));
  const bodies = IDS.flatMap((id) => [[id], [`${id}z`], ["a", id, id]]).map(body);
  expect(await differences([...bodies, body(IDS), body([])])).toEqual([]);
});
