import { COMMENTS, type StreamWire } from "../../vendors/route.js";

/**
 * Creates the stream that tells providers to fetch the flags again.
 *
 * @param spreadMs - time over which readers are notified, so that their requests are spread.
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
