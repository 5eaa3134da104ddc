import { describe, expect, it } from "vitest";
import { Blame } from "./blame.js";

describe("Blame", () => {
  it("blames the logger if different entries fail and none is accepted", () => {
    const blame = new Blame();
    blame.failed(["1"], false);
    blame.failed(["1"], false);
    expect(blame.isOnLogger).toBe(false);
    blame.failed(["2"], false);
    expect([blame.isOnLogger, blame.isCertain]).toEqual([true, false]);
  });

  it("blames entries that failed before the logger accepted another one, unless it was down", () => {
    const [blame, other] = [new Blame(), new Blame()];
    for (const it of [blame, other]) it.failed(["1", "2"], false);
    other.newFailed();
    other.down();
    expect([blame, other].map((it) => it.succeeded())).toEqual([true, true]);
    expect([blame, other].map((it) => it.isRefused("1"))).toEqual([true, false]);
    expect([blame, other].map((it) => it.isOnLogger || it.isDown)).toEqual([false, false]);
  });

  it("blames entries that failed again after an outage if no new entry failed", () => {
    const blame = new Blame();
    blame.failed(["1", "2"], false);
    blame.down();
    blame.succeeded();
    expect(blame.isRefused("1")).toBe(true);
  });

  it.each([
    { failed: 2, hangs: true, because: "trying a logger that hangs takes long" },
    { failed: 2_000, hangs: false, because: "so many entries are unlikely to be faulty" },
  ])("is certain after $failed entries, because $because", ({ failed, hangs }) => {
    const blame = new Blame();
    blame.failed(["0"], hangs);
    expect(blame.isCertain).toBe(false);
    blame.failed(
      Array.from({ length: failed - 1 }, (_, i) => `${i + 1}`),
      hangs,
    );
    expect(blame.isCertain).toBe(true);
    blame.succeeded();
    expect(blame.isCertain).toBe(false);
  });

  it("names the deliveries that count against entries unless the logger is down", () => {
    const blame = new Blame();
    blame.counted(["1", "2"]);
    blame.succeeded();
    blame.counted(["2", "3"]);
    blame.counted(["2"]);
    expect(blame.toForgive).toEqual(["2", "3", "2"]);
    blame.forgiven();
    expect(blame.toForgive).toEqual([]);
  });
});
