import { describe, expect, it } from "vitest";
import type { Tick } from "../replies.js";
import { tickDelayMs } from "./next-tick.js";
import { Decided, type DecisionInput } from "./transition.js";

interface Facts extends Partial<Pick<DecisionInput, "draw" | "poll" | "uptimeMs">> {
  readonly role?: Decided["role"];
  readonly hasContent?: boolean;
}

function facts(
  lastTick: Partial<Tick> | null,
  { hasContent = true, role = "follower", ...others }: Facts = {},
): Parameters<typeof tickDelayMs> {
  const settings = { leaseMs: 15_000, tickMs: 10_000 };
  const held = { content: hasContent ? {} : null, ageMs: null, lastTick };
  const at: object = {
    settings,
    held,
    nowMs: 0,
    poll: null,
    uptimeMs: 60_000,
    draw: 0.5,
    ...others,
  };
  return [{ ...new Decided(), role }, at as DecisionInput]; // it uses no other members
}

describe("tickDelayMs", () => {
  it.each([
    {
      of: facts({ gateMs: 20_000 }, { role: "leader" }),
      ms: 5_000,
      because: "two renewals of the lease may fail",
    },
    {
      of: facts({ gateMs: 300 }, { role: "leader" }),
      ms: 301,
      because: "a poll must begin when it is due",
    },
    {
      of: facts({ gateMs: 0 }, { role: "leader" }),
      ms: 1,
      because: "the gate opens within the millisecond",
    },
    {
      of: facts({ gateMs: -2 }, { role: "leader" }),
      ms: 5_000,
      because: "there is no gate",
    },
    {
      of: facts({ gateMs: 300 }, { role: "leader", poll: "leader" }),
      ms: 5_000,
      because: "the gate is the claim of the running poll",
    },
    { of: facts({ leaseMs: 14_000 }), ms: 10_000, because: "that is the usual pause" },
    { of: facts({ leaseMs: 14_000 }, { draw: 0 }), ms: 8_000, because: "followers are spread" },
    { of: facts({ leaseMs: 14_000 }, { draw: 1 }), ms: 12_000, because: "followers are spread" },
    { of: facts({ leaseMs: 1_000 }, { draw: 0 }), ms: 1_002, because: "the lease ends sooner" },
    {
      of: facts({ leaseMs: 1_000 }, { draw: 1 }),
      ms: 1_500,
      because: "workers should not all take over at once",
    },
    {
      of: facts({ leaseMs: -2 }),
      ms: 10_000,
      because: "there is no leader, and this worker may not lead",
    },
    {
      of: facts({ leaseMs: 14_000 }, { hasContent: false, uptimeMs: 0 }),
      ms: 100,
      because: "the worker waits for the first configuration",
    },
    {
      of: facts({ leaseMs: 14_000 }, { hasContent: false }),
      ms: 1_000,
      because: "the worker has waited for a long time",
    },
    { of: facts(null), ms: 10_000, because: "Redis did not respond" },
  ])("is $ms, because $because", ({ of, ms }) => {
    expect(tickDelayMs(...of)).toBe(ms);
  });
});
