import { COMMENTS, type StreamWire } from "../../vendors/route.js";

/**
 * The stream that tells providers to ask again.
 *
 * @param spreadMs - time over which all readers are told, so that they do not come back at once.
 */
export function refetchWire(spreadMs: number): StreamWire {
  return {
    idOf: ({ revision }) => revision,
    eventOf({ revision }) {
      const data = JSON.stringify({ type: "refetchEvaluation", etag: revision });
      return Buffer.from(`id: ${revision}\ndata: ${data}\n\n`);
    },
    ...COMMENTS,
    spreadMs,
  };
}
