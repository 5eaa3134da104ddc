import type { JSX } from "hono/jsx/jsx-runtime";
import { pageAddress } from "./addresses.js";
import { type Frame, Layout } from "./layout.js";
import { Table } from "./table.js";

interface LiveProps {
  readonly frame: Frame;
  readonly environment: string;
  /** Whether the environment logs exposures. */
  readonly isLive: boolean;
}

/** Exposures of this replica as they are logged. The only page that needs a script. */
export function LivePage({ environment, frame, isLive }: LiveProps): JSX.Element {
  if (!isLive) return <NoLoggers frame={frame} />;
  return (
    <Layout title="Exposures" frame={frame} view="live">
      <p class="lead">
        Exposures logged while this page is open. It lists at most 20 per second, but counts all of
        them. Subjects and attributes are never shown.
      </p>
      <noscript>
        <p class="bad">This page needs JavaScript.</p>
      </noscript>
      <p>
        <span id="state" role="status" data-events={pageAddress(environment, "live/events")}>
          Connecting…
        </span>{" "}
        <button type="button" id="pause" hidden aria-pressed="false">
          Pause
        </button>
      </p>
      <Table
        caption="Exposures by variation since you opened the page"
        head={["Flag", "Variation", "Exposures", "Share within flag"]}
        bodyId="counts"
        isStacked
      />
      <Table
        caption="Latest exposures"
        head={["Time", "Flag", "Variation"]}
        bodyId="rows"
        isStacked
      />
      <script src="/page/live.js" />
    </Layout>
  );
}

/** The documentation of loggers. */
const GUIDE = "https://github.com/sortition/sortition/blob/main/docs/guides/relay.md#exposures";

/** Explains why an environment has no exposures, and how to enable them. */
function NoLoggers({ frame }: Pick<LiveProps, "frame">): JSX.Element {
  return (
    <Layout title="Exposures" frame={frame} view="live">
      <div class="card">
        <p>
          This environment has no loggers, so there are no exposures to show. SDKs log exposures in
          their own processes. The relay logs only the exposures of flags that it evaluates.
        </p>
        <p>
          To see them here, set <code>"evaluate": true</code> for this environment in the
          configuration of the relay, and add a logger:
        </p>
        <pre>{`"evaluate": true,
"loggers": [{ "type": "ndjson", "path": "/var/log/exposures.ndjson" }]`}</pre>
        <p>
          See <a href={GUIDE}>loggers and exposures</a> in the guide.
        </p>
      </div>
    </Layout>
  );
}
