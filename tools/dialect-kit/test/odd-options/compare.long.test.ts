import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { compareOddCall, tellOf } from "../../src/odd-options/compare.js";
import {
  attempt,
  describeOddOptions,
  ODD_CONTENTS,
  type OddSide,
  VendorCalls,
} from "../../src/odd-options/index.js";

const source = {
  declarations: fileURLToPath(new URL("vendor/index.d.ts", import.meta.url)),
  isVendorFile: (path: string) => path.endsWith("/vendor/index.d.ts"),
};
const inputs = new VendorCalls(source).inputsOf("init");

const retriesOf = (given: unknown[]): unknown => (given[0] as { retries?: unknown }).retries;

/** Counts retries. Rejects `NaN`. */
const theirs: OddSide = (given) => {
  const retries = retriesOf(given) ?? 3;
  if (Number.isNaN(retries)) throw new RangeError("retries");
  return { tries: Math.max(Math.trunc(Number(retries)) || 0, 0) + 1 };
};
const call = { callee: "init", valid: () => [{ retries: 2 }], theirs };

/** Returns the findings of a comparison with another implementation of our side. */
async function findingsOf(ours: OddSide, isOffered?: (input: string) => boolean) {
  const compared = isOffered === undefined ? { ...call, ours } : { ...call, ours, isOffered };
  const { findings } = await compareOddCall(compared, inputs);
  return findings.map(({ input, value, kind }) => `${input} = ${value}: ${kind}`);
}

const strict: OddSide = (given) => {
  if (retriesOf(given) === -1) throw new RangeError("retries");
  return theirs(given);
};
const lax: OddSide = (given) => (Number.isNaN(retriesOf(given)) ? { tries: 1 } : theirs(given));
const rounding: OddSide = async (given) =>
  retriesOf(given) === 1.5 ? { tries: 3 } : theirs(given);

describe("compareOddCall", () => {
  it("counts values that only the vendor's side rejects, which are not findings", async () => {
    const result = await compareOddCall({ ...call, ours: lax }, inputs);
    expect(result).toMatchObject({ laxer: 1, findings: [] });
  });

  it("compares only exceptions for inputs that are not offered", async () => {
    const isOffered = (input: string) => input !== "options.retries";
    expect(await findingsOf(rounding, isOffered)).toEqual([]);
    const thrown = "options.retries = -1: only ours throws";
    expect(await findingsOf(strict, isOffered)).toEqual([thrown]);
  });

  it("does not compare parts that the vendor's side refuses to return, but compares those that only ours refuses", async () => {
    const after = (side: OddSide): OddSide => {
      return (given) => ({ first: attempt(() => side(given)), second: 1 });
    };
    const alike = { ...call, theirs: after(theirs), ours: after(lax) };
    expect((await compareOddCall(alike, inputs)).findings).toEqual([]);
    const stricter = { ...alike, ours: after(strict) };
    expect((await compareOddCall(stricter, inputs)).findings.map(({ value }) => value)).toEqual([
      "-1",
    ]);
  });

  it("passes more values to additional places", async () => {
    const plain: OddSide = ([options]) => ({ told: String((options as { x: unknown }).x) });
    const json: OddSide = ([options]) => ({ told: `${JSON.stringify(options)}`.slice(5, -1) });
    const { calls, findings } = await compareOddCall(
      {
        callee: "init",
        valid: () => [{ x: 1 }],
        theirs: plain,
        ours: json,
        also: [{ name: "content x", path: [0, "x"] }],
        contents: ODD_CONTENTS.filter(({ name }) => /^(0|-0|true)$/.test(name)),
      },
      [],
    );
    expect([calls, findings]).toEqual([3, []]);
  });

  it("prints callee, input, value and where the effects differ", async () => {
    const { findings } = await compareOddCall({ ...call, ours: rounding }, inputs);
    expect(findings.map(tellOf)).toEqual([
      "init: options.retries = 1.5: effects differ at .tries\n  theirs 2\n  ours   3",
    ]);
  });
});

describeOddOptions("the toy vendor", {
  ...source,
  calls: [{ ...call, ours: rounding }],
  page: fileURLToPath(new URL("vendor/page.md", import.meta.url)),
  differences: [
    {
      name: "fractions",
      because: "fractions of tries are rounded up, or one try is lost",
      explains: ({ input, value }) => input === "options.retries" && value === "1.5",
    },
  ],
});
