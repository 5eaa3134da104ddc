import type { Tick } from "../replies.js";
import type { Step } from "./step.js";

// Damage of what is stored. The leader never reads what it wrote itself: a newcomer reports it by a message and in Redis,
// of which either is enough. Once per interval, so that no worker can make the leader read all the time.

export function reviewDamage(step: Step, { damage, revision }: Tick): void {
  const { isDamageHinted, isVerifying, verifiedAtMs, verifiedReport } = step.state;
  const { nowMs, settings } = step.at;
  const isReported = damage !== verifiedReport && damage.startsWith(`${revision}@`);
  if (!isReported && !isDamageHinted) return;
  if (isVerifying || nowMs - verifiedAtMs < settings.pollIntervalMs) return;
  step.state.isVerifying = true;
  step.state.verifiedAtMs = nowMs;
  step.state.verifiedReport = damage;
  step.state.isDamageHinted = false;
  step.actions.push({ do: "verify" });
}

export function verified(step: Step, isGood: boolean | null): void {
  step.state.isVerifying = false;
  if (isGood !== false) return;
  step.actions.push({ do: "note-damage" });
  step.wishPoll();
}
