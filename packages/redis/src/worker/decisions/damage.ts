import type { Tick } from "../replies.js";
import type { Decision } from "./decision.js";

// Repairs a damaged configuration. The leader never reads what it wrote itself, so new workers report damage in a
// message and in Redis. One of the reports is enough. The leader verifies its configuration at most once per interval, however
// many reports it receives.

export function reviewDamage(decision: Decision, { damage, revision }: Tick): void {
  const { isDamageHinted, isVerifying, verifiedAtMs, verifiedReport } = decision.state;
  const { nowMs, settings } = decision.at;
  const isReported = damage !== verifiedReport && damage.startsWith(`${revision}@`);
  if (!isReported && !isDamageHinted) return;
  if (isVerifying || nowMs - verifiedAtMs < settings.pollIntervalMs) return;
  decision.state.isVerifying = true;
  decision.state.verifiedAtMs = nowMs;
  decision.state.verifiedReport = damage;
  decision.state.isDamageHinted = false;
  decision.actions.push({ do: "verify" });
}

export function verified(decision: Decision, isGood: boolean | null): void {
  decision.state.isVerifying = false;
  if (isGood !== false) return;
  decision.actions.push({ do: "note-damage" });
  decision.wishPoll();
}
