import { runInNewContext } from "node:vm";
import { ProtocolError } from "@sortition/core/internal";
import { describe, expect, it } from "vitest";
import { transportError } from "./failure.js";

describe("transportError", () => {
  it.each([
    { what: "this realm", create: () => Object.assign(new Error(), { code: "ECONNREFUSED" }) },
    {
      what: "another realm, as under Jest",
      create: () => runInNewContext(`Object.assign(new Error(), { code: "ECONNREFUSED" })`),
    },
  ])("names the code of an error from $what", ({ create }) => {
    const cause = create();
    expect(transportError(cause)).toMatchObject({
      code: "SORTITION_NETWORK",
      message: "the request failed: ECONNREFUSED",
      cause,
    });
  });

  it("returns a SortitionError unchanged", () => {
    const error = new ProtocolError("redirected");
    expect(transportError(error)).toBe(error);
  });
});
