/** An event of `EppoClient.track`. */
export interface TrackedEvent {
  uuid: string;
  /** Epoch ms. */
  timestamp: number;
  type: string;
  payload: Record<string, unknown>;
}

/** Delivers the events of `EppoClient.track`. */
export interface EventDispatcher {
  /** Accepts an event for later delivery. */
  dispatch(event: TrackedEvent): void;
  /** Adds a value that is sent with all events. `null` removes it. */
  attachContext(key: string, value: string | number | boolean | null): void;
}

/** Ignores everything. Used by clients without `eventTracking`. */
export const NO_OP_EVENT_DISPATCHER: EventDispatcher = {
  attachContext() {},
  dispatch() {},
};
