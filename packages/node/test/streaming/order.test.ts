import { isLong } from "@sortition/test-kit";
import { describe, it } from "vitest";
import { checkOrder } from "./order-property.js";

describe("streamed and requested sets", () => {
  it("are never served out of order, and the last change is served in the end", () =>
    checkOrder(isLong ? 500 : 20));
});
