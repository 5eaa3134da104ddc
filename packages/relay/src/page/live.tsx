import type { JSX } from "hono/jsx/jsx-runtime";
import { pageAddress } from "./addresses.js";
import { type Frame, Layout } from "./layout.js";
import { Table } from "./table.js";

interface LiveProps {
  readonly frame: Frame;
  readonly environment: string;
}

/** Exposures of this replica as they are logged. The only page that needs a script. */
export function LivePage({ environment, frame }: LiveProps): JSX.Element {
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
        head={["Flag", "Variation", "Exposures"]}
        bodyId="counts"
      />
      <Table caption="Latest exposures" head={["Time (UTC)", "Flag", "Variation"]} bodyId="rows" />
      <script src="/page/live.js" />
    </Layout>
  );
}
