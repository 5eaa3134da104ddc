import type { BanditActions, BanditSubject } from "./bandit.js";

/** What is to be answered beforehand, for a client that only looks answers up. */
export interface PrecomputeRequest {
  readonly subjectKey: string;
  readonly subject: BanditSubject;
  /** What bandits choose from, by flag; bandits behind other flags do not choose. */
  readonly banditActions: Readonly<Record<string, BanditActions>>;
  /** Keys are hashed with it. */
  readonly salt: string;
  /** Wall clock, epoch ms. */
  readonly nowMs: number;
}
