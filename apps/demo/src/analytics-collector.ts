import type { CollectedRequest } from "@sortition/test-kit";

/** The analytics services that a collector simulates. */
export const SERVICES = ["Segment", "RudderStack", "Snowplow"] as const;
/** One of {@link SERVICES}. */
export type Service = (typeof SERVICES)[number];
/** Kinds of events. */
export type EventKind = "assignment" | "bandit action";

interface ReceivedEvent {
  readonly service: Service;
  readonly kind: EventKind;
  readonly id: string;
}

/** Number of events of a kind that a service has received, and of their repetitions. */
export function countReceived(
  requests: readonly CollectedRequest[],
  service: Service,
  kind: EventKind,
): { readonly events: number; readonly repeated: number } {
  const received = requests.flatMap(eventsIn);
  const own = received.filter((it) => it.service === service && it.kind === kind);
  const events = new Set(own.map(({ id }) => id)).size;
  return { events, repeated: own.length - events };
}

function eventsIn({ body, headers, path }: CollectedRequest): readonly ReceivedEvent[] {
  if (path.startsWith("/com.snowplowanalytics.snowplow/")) {
    return (body as Rows).data.map(({ eid: id, ue_px }) => {
      const { schema } = JSON.parse(Buffer.from(ue_px, "base64url").toString("utf8")).data;
      const kind = schema.includes("/bandit_action/") ? "bandit action" : "assignment";
      return { service: "Snowplow", kind, id };
    });
  }
  const service = serviceOf(headers);
  return (body as Batch).batch.map(({ event, messageId: id }) => {
    return { service, kind: event === "Eppo Bandit Action" ? "bandit action" : "assignment", id };
  });
}

interface Batch {
  readonly batch: readonly { readonly event: string; readonly messageId: string }[];
}

interface Rows {
  readonly data: readonly { readonly eid: string; readonly ue_px: string }[];
}

/** Segment and RudderStack share a protocol; the write key distinguishes them. */
function serviceOf({ authorization }: CollectedRequest["headers"]): Service {
  const isSegment = authorization === `Basic ${Buffer.from("segment:").toString("base64")}`;
  return isSegment ? "Segment" : "RudderStack";
}
