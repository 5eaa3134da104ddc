import type { Facts } from "@sortition/core/internal";
import type { Action, Decided, DecisionInput, TimerName } from "../decisions.js";

type Changing = { -readonly [Name in keyof Decided]: Decided[Name] };

/** One decision under way: a copy of the state that changes, and the actions so far. It belongs to one call of `next`. */
export class Decision {
  readonly at: DecisionInput;
  readonly state: Changing;
  readonly actions: Action[] = [];
  /** Whether the age of what the clients have is known. */
  hasAge: boolean;

  constructor(state: Decided, at: DecisionInput) {
    this.at = at;
    this.state = { ...state };
    this.hasAge = at.held.ageMs !== null;
  }

  /** How long Redis may be of no use. A copy from disk that was never confirmed counts as no configuration. */
  get directAfterMs(): number {
    const { directAfterMs, emptyDirectAfterMs } = this.at.settings;
    return this.hasAge ? directAfterMs : emptyDirectAfterMs;
  }

  /** Asks for a poll of the fleet: now, or as soon as the last one is old enough. */
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
