import type { IAssignmentEvent, IAssignmentLogger } from "../client/model/assignment-event.js";

interface TrackingClient {
  track(type: string, payload: Record<string, unknown>): void;
}

/** Sends assignments of flags with an entity to the client's event dispatcher. */
export class EppoAssignmentLogger implements IAssignmentLogger {
  private readonly client: TrackingClient;

  constructor(eppoClient: TrackingClient) {
    this.client = eppoClient;
  }

  /** Logs an assignment. Does nothing for a flag without an entity. */
  logAssignment(event: IAssignmentEvent): void {
    const { allocation, entityId, experiment, featureFlag, subject, variation } = event;
    if (!entityId) return;
    this.client.track("__eppo_assignment", {
      entity_id: entityId,
      experiment,
      feature_flag: featureFlag,
      allocation,
      // This member comes from the extra logging of the split.
      holdout_variation: event["holdoutVariation"],
      holdout: event["holdoutKey"],
      subject,
      variation,
    });
  }
}
