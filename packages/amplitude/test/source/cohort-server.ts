import {
  type RecordedRequest,
  type Reply,
  startTestServer,
  type TestServer,
} from "@sortition/test-kit";

/** A cohort on the server. */
export interface ServedCohort {
  readonly lastModified: number;
  readonly memberIds: readonly string[];
  readonly groupType?: string;
}

/** A flag for the members of cohorts. */
export function cohortFlag(key: string, ...cohortIds: readonly string[]): object {
  const selector = ["context", "user", "cohort_ids"];
  return {
    key,
    variants: { on: { key: "on", value: "on" } },
    segments: [
      { conditions: [[{ selector, op: "set contains any", values: cohortIds }]], variant: "on" },
    ],
  };
}

/** Amplitude's flag and cohort endpoints on loopback. */
export class CohortServer {
  flags: readonly object[] = [];
  readonly cohorts: Map<string, ServedCohort> = new Map();
  /** Replies that replace the usual ones, by the number of the request for this cohort, from 0. */
  readonly replies: Map<string, (attempt: number) => Reply | null> = new Map();
  /** Number of bodies sent per cohort. */
  readonly sent: Map<string, number> = new Map();
  readonly #attempts = new Map<string, number>();

  private constructor(readonly server: TestServer) {
    server.respond((request) => this.#reply(request));
  }

  static async start(): Promise<CohortServer> {
    return new CohortServer(await startTestServer());
  }

  get url(): string {
    return this.server.url;
  }

  /** Requests for cohorts so far, as `id` or `id lastModified`. */
  get downloads(): readonly string[] {
    return this.server.requests
      .filter(({ path }) => path.startsWith("/sdk/v1/cohort/"))
      .map(({ path, query }) => {
        const since = query.get("lastModified");
        return `${idOf(path)}${since === null ? "" : ` ${since}`}`;
      });
  }

  close(): Promise<void> {
    return this.server.close();
  }

  #reply({ path, query }: RecordedRequest): Reply {
    if (path === "/sdk/v2/flags") return { kind: "answer", body: JSON.stringify(this.flags) };
    if (!path.startsWith("/sdk/v1/cohort/")) return { kind: "answer", status: 404 };
    const id = idOf(path);
    const attempt = this.#attempts.get(id) ?? 0;
    this.#attempts.set(id, attempt + 1);
    return this.replies.get(id)?.(attempt) ?? this.#cohort(id, query);
  }

  #cohort(id: string, query: URLSearchParams): Reply {
    const cohort = this.cohorts.get(id);
    if (cohort === undefined) return { kind: "answer", status: 404 };
    const { groupType = "User", lastModified, memberIds } = cohort;
    if (query.get("lastModified") === String(lastModified)) return { kind: "answer", status: 204 };
    const size = memberIds.length;
    if (size > Number(query.get("maxCohortSize"))) return { kind: "answer", status: 413 };
    this.sent.set(id, (this.sent.get(id) ?? 0) + 1);
    const facts = { cohortId: id, groupType, groupTypeId: 0, lastComputed: 1, lastModified, size };
    return { kind: "answer", body: JSON.stringify({ ...facts, memberIds }) };
  }
}

function idOf(path: string): string {
  return decodeURIComponent(path.slice("/sdk/v1/cohort/".length));
}
