import type { Facts } from "@sortition/core/internal";
import type { Action, Decided, DecisionInput, TimerName } from "./transition.js";

type Changing = { -readonly [Name in keyof Decided]: Decided[Name] };

/** A decision in progress: a mutable copy of the state, and the actions so far. Each call of `next` creates one. */
export class Decision {
  readonly at: DecisionInput;
  readonly state: Changing;
  readonly actions: Action[] = [];
  /** Whether the time at which the vendor confirmed the clients' configuration is known. */
  hasAge: boolean;

  constructor(state: Decided, at: DecisionInput) {
    this.at = at;
    this.state = { ...state };
    this.hasAge = at.held.ageMs !== null;
  }

  /**
   * How long Redis may be unusable before this process polls the vendor. A copy from disk that the vendor has never
   * confirmed is treated as no configuration.
   */
  get directAfterMs(): number {
    const { directAfterMs, emptyDirectAfterMs } = this.at.settings;
    return this.hasAge ? directAfterMs : emptyDirectAfterMs;
  }

  /** Requests a poll for the fleet, now or as soon as the last one is old enough. */
  wishPoll(): void {
    this.state.isPollWished = true;
    this.tickWithin(0);
  }

  tickWithin(withinMs: number): void {
    this.actions.push({ do: "tick", withinMs });
  }

  set(timer: TimerName, delayMs: number): void {
    this.actions.push({ do: "set-timer", timer, delayMs });
  }

  cancel(timer: TimerName): void {
    this.actions.push({ do: "cancel-timer", timer });
  }

  count(what: Extract<Action, { do: "count" }>["what"]): void {
    this.actions.push({ do: "count", what });
  }

  say(level: Extract<Action, { do: "say" }>["level"], message: string, facts?: Facts): void {
    this.actions.push({ do: "say", level, message, ...(facts === undefined ? {} : { facts }) });
  }
}
