import { shareText } from "@sortition/core/dialect";
import type { JSX } from "hono/jsx/jsx-runtime";
import { FLAG_FILTERS, type FlagRow, type FlagsView } from "../views/environment-views.js";
import { pageAddress } from "./addresses.js";
import { Ago } from "./ago.js";
import { colorOf, SplitBar } from "./bars.js";
import { StateChip } from "./chips.js";
import { countText } from "./count-text.js";
import { type Frame, Layout } from "./layout.js";
import { PageLinks } from "./page-links.js";
import { Table } from "./table.js";
import { Text } from "./text.js";

interface FlagsProps {
  readonly frame: Frame;
  readonly environment: string;
  readonly search: string;
  /** One of `FLAG_FILTERS`; empty for all states. */
  readonly state: string;
  readonly view: FlagsView;
  /** Epoch ms. */
  readonly nowMs: number;
}

/** Problems outside of flags that are shown. */
const MAX_ISSUES = 50;

/** The flags of an environment. */
export function FlagsPage(props: FlagsProps): JSX.Element {
  const { environment, frame, nowMs, search, state, view } = props;
  const { issues, items } = view;
  return (
    <Layout title="Flags" frame={frame} view="flags">
      <form class="filter" method="get" action={pageAddress(environment, "flags")}>
        <div class="fields">
          <label>
            Filter flags
            <input type="search" name="search" value={search} placeholder="Part of the key" />
          </label>
          <label>
            State
            <select name="state" aria-label="State">
              <option value="">All</option>
              {FLAG_FILTERS.map((it) => (
                <option value={it} selected={it === state}>
                  {it === "issues"
                    ? "With issues"
                    : `${it.slice(0, 1).toUpperCase()}${it.slice(1)}`}
                </option>
              ))}
            </select>
          </label>
        </div>
        <button type="submit">Filter</button>
      </form>
      <Table
        caption={countText(view.total, "flag")}
        isStacked
        head={[
          ...["Flag", "State", "Split", "Issues", "Last change"],
          ...(view.isEvaluated ? ["Last evaluated"] : []),
        ]}
      >
        {items.map((it) => (
          <Row environment={environment} flag={it} isEvaluated={view.isEvaluated} nowMs={nowMs} />
        ))}
      </Table>
      {items.length > 0 ? null : (
        <p class="empty">
          {search === "" && state === "" ? (
            "The flags of this environment appear here. Its configuration has none yet."
          ) : (
            <>
              No flag matches the filter. <a href={pageAddress(environment, "flags")}>Show all</a>
            </>
          )}
        </p>
      )}
      {view.isEvaluated || items.length === 0 ? null : (
        <p class="quiet small">
          The relay does not know when these flags were last evaluated, because SDKs evaluate them
          in their own processes. It knows this only for environments with remote evaluation.
        </p>
      )}
      <PageLinks
        page={view}
        address={(from) => pageAddress(environment, "flags", { search, state, from: `${from}` })}
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
  readonly nowMs: number;
}

function Row({ environment, flag, isEvaluated, nowMs }: RowProps): JSX.Element {
  const { issues, key, lastChangeAtMs, lastEvaluatedAtMs, state, type } = flag;
  return (
    <tr>
      <th scope="row">
        <a href={pageAddress(environment, "flag", { key })}>
          <Text text={key} />
        </a>
        {type === null ? null : <div class="quiet small">{type}</div>}
      </th>
      <td>
        <StateChip state={state} />
      </td>
      <td class="wide">
        <Split flag={flag} />
      </td>
      <td data-label="Issues">
        {issues === 0 ? "0" : <span class="chip bad">{countText(issues, "issue")}</span>}
      </td>
      <td data-label="Last change">
        {lastChangeAtMs === null ? "none seen" : <Ago ms={lastChangeAtMs} nowMs={nowMs} />}
      </td>
      {isEvaluated ? (
        <td data-label="Last evaluated">
          {lastEvaluatedAtMs === null ? "never" : <Ago ms={lastEvaluatedAtMs} nowMs={nowMs} />}
        </td>
      ) : null}
    </tr>
  );
}

/** Variations in one bar. The rest of a list is on the page of the flag. */
const MAX_SHARES = 6;
/** The smallest share that rounds to more than 0%. */
const MIN_SHARE = 0.0005;
/** Allocations that are named. */
const MAX_ALLOCATIONS = 4;

/** The shares of an allocation as one stacked bar. */
function Split({ flag }: { flag: FlagRow }): JSX.Element | null {
  const { allocationKeys, names, split, state } = flag;
  if (state === "malformed") return null;
  if (split === null) {
    return (
      <>
        <Text text={names.join(", ")} />
        <div class="quiet small">no active allocation</div>
      </>
    );
  }
  const shares = split.shares.slice(0, MAX_SHARES).map(({ index, name, share }) => ({
    ...{ name, share },
    color: colorOf(index),
  }));
  const rest = split.shares.length - shares.length;
  const unassigned = 1 - split.shares.reduce((sum, { share }) => sum + share, 0);
  const texts = [
    ...shares.map(({ name, share }) => `${name} ${roundedShare(share)}`),
    ...(rest > 0 ? [`${rest} more`] : []),
    ...(unassigned < MIN_SHARE ? [] : [`not assigned ${roundedShare(unassigned)}`]),
  ];
  return (
    <>
      <SplitBar parts={shares} />
      <Text text={texts.join(", ")} />
      {allocationKeys.length < 2 ? null : (
        <div class="quiet small">
          <Allocations keys={allocationKeys} current={split.allocation} />
        </div>
      )}
    </>
  );
}

/** Names the allocations of a flag in their order, holdouts included. The one of the bar is bold. */
function Allocations({ current, keys }: { current: string; keys: readonly string[] }): JSX.Element {
  const named = keys.slice(0, MAX_ALLOCATIONS);
  const rest = keys.length - named.length;
  return (
    <>
      {countText(keys.length, "allocation")}:{" "}
      {named.map((key, i) => (
        <>
          {i === 0 ? null : ", "}
          {key === current ? (
            <b>
              <Text text={allocationName(key, i)} />
            </b>
          ) : (
            <Text text={allocationName(key, i)} />
          )}
        </>
      ))}
      {rest > 0 ? `, ${rest} more` : null}
    </>
  );
}

/** GrowthBook's rules may have no ID. */
function allocationName(key: string, index: number): string {
  return key === `${index}` ? `#${index + 1}` : key;
}

function roundedShare(share: number): string {
  return shareText(Number(share.toFixed(3)));
}
