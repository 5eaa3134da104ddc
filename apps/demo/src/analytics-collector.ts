import type { IncomingMessage, ServerResponse } from "node:http";
import { gunzipSync } from "node:zlib";

/** The analytics services that a collector simulates. */
export const SERVICES = ["Segment", "RudderStack", "Snowplow"] as const;
/** One of {@link SERVICES}. */
export type Service = (typeof SERVICES)[number];
/** Kinds of events. */
export type EventKind = "assignment" | "bandit action";

/** Simulates three analytics services. */
export class AnalyticsCollector {
  /** How often each id was received, by service and kind. */
  readonly #received = new Map<string, Map<string, number>>();

  /** Answers a request. */
  async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (request.url?.startsWith("/com.snowplowanalytics.snowplow/")) this.#addRows(body as Rows);
    else this.#addBatch(serviceOf(request), body as Batch);
    response.writeHead(200).end("{}");
  }

  /** Number of events of a kind, and how many of them were received more than once. */
  count(service: Service, kind: EventKind): { readonly events: number; readonly repeated: number } {
    const times = [...(this.#received.get(`${service} ${kind}`)?.values() ?? [])];
    return { events: times.length, repeated: times.filter((count) => count > 1).length };
  }

  #addBatch(service: Service, { batch }: Batch): void {
    for (const { event, messageId } of batch) {
      this.#add(
        service,
        event === "Eppo Bandit Action" ? "bandit action" : "assignment",
        messageId,
      );
    }
  }

  #addRows({ data }: Rows): void {
    for (const { eid, ue_px } of data) {
      const { schema } = JSON.parse(Buffer.from(ue_px, "base64url").toString("utf8")).data;
      this.#add(
        "Snowplow",
        schema.includes("/bandit_action/") ? "bandit action" : "assignment",
        eid,
      );
    }
  }

  #add(service: Service, kind: EventKind, id: string): void {
    const key = `${service} ${kind}`;
    const ids = this.#received.get(key) ?? new Map<string, number>();
    ids.set(id, (ids.get(id) ?? 0) + 1);
    this.#received.set(key, ids);
  }
}

interface Batch {
  readonly batch: readonly { readonly event: string; readonly messageId: string }[];
}

interface Rows {
  readonly data: readonly { readonly eid: string; readonly ue_px: string }[];
}

/** Segment and RudderStack share a protocol; the write key distinguishes them. */
function serviceOf({ headers }: IncomingMessage): Service {
  const isSegment = headers.authorization === `Basic ${Buffer.from("segment:").toString("base64")}`;
  return isSegment ? "Segment" : "RudderStack";
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // no encoding was set
  const bytes = Buffer.concat(chunks);
  const isZipped = request.headers["content-encoding"] === "gzip";
  return JSON.parse((isZipped ? gunzipSync(bytes) : bytes).toString("utf8"));
}
