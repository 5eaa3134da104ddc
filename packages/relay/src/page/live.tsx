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
    <Layout title="Exposures now" frame={frame} view="live">
      <p>
        What this relay logs while the page is open: at most 20 exposures a second are listed, all
        are counted. Subjects and attributes are not shown.
      </p>
      <noscript>
        <p class="bad">This page needs JavaScript.</p>
      </noscript>
      <p>
        <span id="state" role="status" data-events={pageAddress(environment, "live/events")}>
          Connecting.
        </span>{" "}
        <button type="button" id="pause" hidden aria-pressed="false">
          Pause
        </button>
      </p>
      <Table
        caption="Counts by variation since the page was opened"
        head={["Flag", "Variation", "Exposures"]}
        bodyId="counts"
      />
      <Table caption="The last exposures" head={["Time, UTC", "Flag", "Variation"]} bodyId="rows" />
      <script src="/page/live.js" />
    </Layout>
  );
}
