import { describe, it } from "vitest";
import { checkOrder } from "./order-property.js";

describe("the order of news and answers", () => {
  it("never serves what was received or begun earlier, and serves the last change in the end", () =>
    checkOrder(150));
});
