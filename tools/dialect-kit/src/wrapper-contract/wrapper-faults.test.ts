import type { AssignmentEvent, AssignmentLogger } from "@sortition/core";
import { callWithBook, claimReceipt, type Receipt } from "@sortition/core/internal";
import { describe, expect, it } from "vitest";
import { wrapperFaults } from "./wrapper-faults.js";

type Wrap = (inner: AssignmentLogger) => AssignmentLogger;

const RIGHT: readonly { readonly what: string; readonly wrap: Wrap }[] = [
  {
    what: "passes events on",
    wrap: (inner) => ({ logAssignment: (event) => inner.logAssignment(event) }),
  },
  {
    what: "changes them",
    wrap: (inner) => ({
      logAssignment: (event) => inner.logAssignment({ ...event, experiment: "renamed" }),
    }),
  },
  {
    what: "leaves some out",
    wrap: (inner) => ({
      logAssignment: (event) =>
        /[0-4]$/.test(event.subject) ? inner.logAssignment(event) : undefined,
    }),
  },
  {
    what: "collects them, and settles their receipts",
    wrap(inner) {
      const waiting: { readonly event: AssignmentEvent; readonly receipt: Receipt | null }[] = [];
      return {
        logAssignment: (event) => void waiting.push({ event, receipt: claimReceipt() }),
        flush() {
          for (const { event, receipt } of waiting.splice(0)) {
            const claim = (): Receipt => ({ settle: (ending) => receipt?.settle(ending) });
            callWithBook({ claim }, () => inner.logAssignment(event));
          }
        },
      };
    },
  },
];

const WRONG: readonly { readonly what: string; readonly wrap: Wrap }[] = [
  {
    what: "passes five events on in the call of the fifth",
    wrap(inner) {
      const waiting: AssignmentEvent[] = [];
      return {
        logAssignment(event) {
          if (waiting.push(event) < 5) return;
          for (const it of waiting.splice(0)) inner.logAssignment(it);
        },
      };
    },
  },
  {
    what: "passes the previous event on",
    wrap(inner) {
      let previous: AssignmentEvent | null = null;
      return {
        logAssignment(event) {
          const passed = previous;
          previous = event;
          return passed === null ? undefined : inner.logAssignment(passed);
        },
      };
    },
  },
  {
    what: "passes an event on after it has returned",
    wrap: (inner) => ({
      logAssignment: (event) => Promise.resolve().then(() => inner.logAssignment(event)),
    }),
  },
  {
    what: "claims receipts, and forgets them",
    wrap: () => ({ logAssignment: () => void claimReceipt() }),
  },
  {
    what: "calls an event delivered before it is",
    wrap: (inner) => ({
      logAssignment(event) {
        claimReceipt()?.settle("delivered");
        return inner.logAssignment(event);
      },
    }),
  },
];

describe("wrapperFaults", () => {
  it.each(RIGHT)("finds no fault in a wrapper that $what", async ({ wrap }) => {
    expect(await wrapperFaults(wrap)).toEqual([]);
  });

  it.each(WRONG)("tells a wrapper that $what", async ({ wrap }) => {
    expect(await wrapperFaults(wrap)).not.toEqual([]);
  });
});
