import type { JSX } from "hono/jsx/jsx-runtime";
import type { FlagRow, FlagsView } from "../views/environment-views.js";
import { pageAddress } from "./addresses.js";
import { StateChip } from "./chips.js";
import { countText } from "./count-text.js";
import { type Frame, Layout } from "./layout.js";
import { PageLinks } from "./page-links.js";
import { Table } from "./table.js";
import { Text, Time } from "./text.js";

interface FlagsProps {
  readonly frame: Frame;
  readonly environment: string;
  readonly search: string;
  readonly view: FlagsView;
}

/** Problems outside of flags that are shown. */
const MAX_ISSUES = 50;

/** The flags of an environment. */
export function FlagsPage({ environment, frame, search, view }: FlagsProps): JSX.Element {
  const { issues, items } = view;
  return (
    <Layout title="Flags" frame={frame} view="flags">
      <form class="filter" method="get" action={pageAddress(environment, "flags")}>
        <div class="fields">
          <label>
            Filter flags
            <input type="search" name="search" value={search} />
          </label>
        </div>
        <button type="submit">Filter</button>
      </form>
      <Table
        caption={countText(view.total, "flag")}
        isStacked
        head={[
          ...["Flag", "Type", "State", "Variations", "Issues", "Last change"],
          ...(view.isEvaluated ? ["Last evaluated"] : []),
        ]}
      >
        {items.map((it) => (
          <Row environment={environment} flag={it} isEvaluated={view.isEvaluated} />
        ))}
      </Table>
      {items.length > 0 ? null : (
        <p class="empty">
          {search === "" ? "The configuration has no flags." : "No flag matches the filter."}
        </p>
      )}
      <PageLinks
        page={view}
        address={(from) => pageAddress(environment, "flags", { search, from: `${from}` })}
      />
      {issues.length === 0 ? null : (
        <>
          <h2>{countText(issues.length, "issue")} outside flags</h2>
          <ul>
            {issues.slice(0, MAX_ISSUES).map(({ message, path }) => (
              <li>
                <Text text={`${path}: ${message}`} />
              </li>
            ))}
          </ul>
          {issues.length > MAX_ISSUES ? <p>The first {MAX_ISSUES} are shown.</p> : null}
        </>
      )}
    </Layout>
  );
}

interface RowProps {
  readonly environment: string;
  readonly flag: FlagRow;
  readonly isEvaluated: boolean;
}

function Row({ environment, flag, isEvaluated }: RowProps): JSX.Element {
  const { issues, key, lastChangeAtMs, lastEvaluatedAtMs, state, type, variations } = flag;
  return (
    <tr>
      <th scope="row">
        <a href={pageAddress(environment, "flag", { key })}>
          <Text text={key} />
        </a>
      </th>
      <td data-label="Type">{type ?? "any"}</td>
      <td data-label="State">
        <StateChip state={state} />
      </td>
      <td data-label="Variations">
        <Text text={variations.join(", ")} />
      </td>
      <td data-label="Issues" class={issues > 0 ? "bad" : ""}>
        {issues}
      </td>
      <td data-label="Last change">
        {lastChangeAtMs === null ? "none seen" : <Time ms={lastChangeAtMs} />}
      </td>
      {isEvaluated ? (
        <td data-label="Last evaluated">
          {lastEvaluatedAtMs === null ? "never" : <Time ms={lastEvaluatedAtMs} />}
        </td>
      ) : null}
    </tr>
  );
}
