import { describe, expect, it } from "vitest";
import { RequestSize } from "./request-size.js";

describe("RequestSize", () => {
  it("has no limit until a request is refused", () => {
    const size = new RequestSize();
    size.accepted(100);
    expect(size.limit).toBe(Number.POSITIVE_INFINITY);
  });

  it("halves a refused request down to one event", () => {
    const size = new RequestSize();
    const limits = [100, 50, 25, 12, 6, 3].map((events) => {
      size.refused(events);
      return size.limit;
    });
    expect(limits).toEqual([50, 25, 12, 6, 3, 1]);
  });

  it("approaches the refused number, and never reaches it", () => {
    const size = new RequestSize();
    size.refused(100);
    const limits = Array.from({ length: 8 }, () => {
      size.accepted(size.limit);
      return size.limit;
    });
    expect(limits).toEqual([75, 87, 93, 96, 98, 99, 99, 99]);
  });

  it("doubles after an event was dropped", () => {
    const size = new RequestSize();
    size.refused(2);
    size.dropped();
    const limits = [1, 2, 4].map((events) => {
      size.accepted(events);
      return size.limit;
    });
    expect(limits).toEqual([2, 4, 8]);
  });

  it("learns nothing from a request below the limit", () => {
    const size = new RequestSize();
    size.refused(100);
    size.accepted(10);
    expect(size.limit).toBe(50);
  });
});
