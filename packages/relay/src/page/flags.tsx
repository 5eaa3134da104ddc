import type { JSX } from "hono/jsx/jsx-runtime";
import type { FlagRow, FlagsView } from "../views/environment-views.js";
import { pageAddress } from "./addresses.js";
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
      <form method="get" action={pageAddress(environment, "flags")}>
        <div class="fields">
          <label>
            Part of the key
            <input name="search" value={search} />
          </label>
        </div>
        <button type="submit">Search</button>
      </form>
      <Table
        caption={countText(view.total, "flag")}
        head={[
          ...["Flag", "Type", "State", "Variations", "Issues", "Last change seen"],
          ...(view.isEvaluated ? ["Last evaluated"] : []),
        ]}
      >
        {items.map((it) => (
          <Row environment={environment} flag={it} isEvaluated={view.isEvaluated} />
        ))}
      </Table>
      <PageLinks
        page={view}
        address={(from) => pageAddress(environment, "flags", { search, from: `${from}` })}
      />
      {issues.length === 0 ? null : (
        <>
          <h2>{countText(issues.length, "issue")} outside of flags</h2>
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
      <td>{type ?? "any"}</td>
      <td class={state === "malformed" ? "bad" : ""}>{state}</td>
      <td>
        <Text text={variations.join(", ")} />
      </td>
      <td class={issues > 0 ? "number bad" : "number"}>{issues}</td>
      <td>{lastChangeAtMs === null ? "none" : <Time ms={lastChangeAtMs} />}</td>
      {isEvaluated ? (
        <td>{lastEvaluatedAtMs === null ? "never" : <Time ms={lastEvaluatedAtMs} />}</td>
      ) : null}
    </tr>
  );
}
