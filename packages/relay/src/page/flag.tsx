import {
  type AllocationDescription,
  conditionText,
  type RuleDescription,
  shareText,
  shortTimeText,
  windowStateAt,
} from "@sortition/core/dialect";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { FlagView } from "../views/environment-views.js";
import { flagJsonAddress, pageAddress } from "./addresses.js";
import { ShareBar, WindowLine } from "./bars.js";
import { type Frame, Layout } from "./layout.js";
import { MAX_TEXT, shown } from "./shown.js";
import { Table } from "./table.js";
import { Text, Time } from "./text.js";

interface FlagProps {
  readonly frame: Frame;
  readonly environment: string;
  readonly view: FlagView;
}

/** Entries of a list that are shown. */
const MAX_LIST = 50;

/** One flag, with its allocations in the order in which they are tried. */
export function FlagPage({ environment, frame, view }: FlagProps): JSX.Element {
  const { changes, description, issues, nowMs } = view;
  const { allocations, isEnabled, isHashed, key, problem, valueType, variations } = description;
  const state = problem !== null ? "malformed" : isEnabled ? "enabled" : "disabled";
  const all = <a href={flagJsonAddress(environment, key)}>all as JSON</a>;
  return (
    <Layout
      title={<Text text={key} />}
      name={shown(key.slice(0, MAX_TEXT))}
      frame={frame}
      view="flags"
    >
      <p>
        {state}, type {valueType ?? "any"}, {all}
        {isHashed ? "; attributes and listed values are shown as hashes" : null}
      </p>
      {problem === null ? null : (
        <p class="bad">
          <Text text={problem} all={all} />
        </p>
      )}
      {issues.length === 0 ? null : (
        <>
          <h3>Issues</h3>
          <ul>
            {issues.slice(0, MAX_LIST).map(({ message, path }) => (
              <li>
                <Text text={`${path}: ${message}`} all={all} />
              </li>
            ))}
            <More list={issues} all={all} />
          </ul>
        </>
      )}
      <Table caption="Variations" head={["Variation", "Value"]}>
        {variations.slice(0, MAX_LIST).map((it) => (
          <tr>
            <th scope="row">
              <Text text={it.key} all={all} />
            </th>
            <td>
              <Text text={it.problem ?? JSON.stringify(it.value) ?? "nothing"} all={all} />
            </td>
          </tr>
        ))}
      </Table>
      <More list={variations} all={all} />
      <h2>Allocations, in the order in which they are tried</h2>
      {allocations.length === 0 ? <p>There are none.</p> : null}
      {allocations.slice(0, MAX_LIST).map((allocation, index) => (
        <Allocation allocation={allocation} index={index} nowMs={nowMs} all={all} />
      ))}
      <More list={allocations} all={all} />
      <h2>Changes that this relay saw</h2>
      {changes.length === 0 ? <p>There are none.</p> : null}
      <ul>
        {changes.map(({ changes: kinds, revision, seenAtMs }) => (
          <li>
            <a href={pageAddress(environment, "change", { revision, seen: isoText(seenAtMs) })}>
              <Time ms={seenAtMs} />
            </a>
            : {kinds?.get(key)}
          </li>
        ))}
      </ul>
    </Layout>
  );
}

interface AllocationProps {
  readonly allocation: AllocationDescription;
  readonly index: number;
  readonly nowMs: number;
  readonly all: JSX.Element;
}

function Allocation({ all, allocation, index, nowMs }: AllocationProps): JSX.Element {
  const { isLogged, key, rules, splits, traffic, window } = allocation;
  return (
    <section>
      <h3>
        {index + 1} <Text text={key} all={all} />
      </h3>
      <p>{windowText(allocation, nowMs)}</p>
      {window === null ? null : <WindowLine window={window} nowMs={nowMs} />}
      {rules.length === 0 ? <p>For all subjects</p> : null}
      <ul>
        {rules.slice(0, MAX_LIST).map((rule, i) => (
          <li>
            rule {i + 1}: <Rule rule={rule} all={all} />
          </li>
        ))}
        <More list={rules} all={all} />
      </ul>
      {traffic === null ? (
        <p>{splits.length === 0 ? "It has no splits." : "Its shares are unknown."}</p>
      ) : (
        <Table
          caption={`Shares of the subjects that pass the rules of ${index + 1}`}
          head={["Variation", "Share"]}
        >
          {[
            ...[...traffic.byVariation].slice(0, MAX_LIST),
            ...(traffic.unassigned === 0 ? [] : [["(nothing)", traffic.unassigned] as const]),
          ].map(([name, share]) => (
            <tr>
              <th scope="row">
                <Text text={name} all={all} />
              </th>
              <td>
                {shareText(share)} <ShareBar share={share} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      {traffic === null ? null : <More list={[...traffic.byVariation]} all={all} />}
      {isLogged ? null : <p class="quiet">Assignments through it are not logged.</p>}
    </section>
  );
}

function Rule({ all, rule }: { rule: RuleDescription; all: JSX.Element }): JSX.Element {
  const { conditions, problem } = rule;
  if (problem !== null) return <Text text={problem} all={all} />;
  if (conditions.length === 0) return <>all subjects</>;
  return <Text text={conditions.map(conditionText).join(" and ")} all={all} />;
}

/** Says how many entries of a list are not shown. */
function More({ all, list }: { list: readonly unknown[]; all: JSX.Element }): JSX.Element | null {
  const left = list.length - MAX_LIST;
  if (left <= 0) return null;
  return (
    <li>
      {left.toLocaleString("en-US")} more: {all}
    </li>
  );
}

function windowText({ window }: AllocationDescription, nowMs: number): string {
  if (window === null) return "Always open";
  const { endAtMs, startAtMs } = window;
  const from = startAtMs === null ? "" : ` from ${shortTimeText(startAtMs)}`;
  const to = endAtMs === null ? "" : ` to ${shortTimeText(endAtMs)}`;
  const state = windowStateAt(window, nowMs);
  const words = { open: "Open", ended: "Ended; it was open", "not-started": "Not started; open" };
  return `${words[state]}${from}${to}`;
}

function isoText(ms: number): string {
  return new Date(ms).toISOString();
}
