import {
  type AllocationDescription,
  type RuleDescription,
  shareText,
  type WindowDescription,
  windowStateAt,
} from "@sortition/core/dialect";
import type { JSX } from "hono/jsx/jsx-runtime";
import { flagState } from "../explain/describe-flags.js";
import { conditionWords } from "../explain/plain-words.js";
import { momentText, windowWords } from "../explain/window-words.js";
import type { SeenRevision } from "../history/history.js";
import type { FlagView } from "../views/environment-views.js";
import { flagJsonAddress, pageAddress } from "./addresses.js";
import { colorOf, SplitBar, Swatch, timeAxis, WindowLine } from "./bars.js";
import { StateChip } from "./chips.js";
import { type Frame, Layout } from "./layout.js";
import { MAX_TEXT, shown } from "./shown.js";
import { Text, Time } from "./text.js";

interface FlagProps {
  readonly frame: Frame;
  readonly environment: string;
  readonly view: FlagView;
}

/** Entries of a list that are shown. */
const MAX_LIST = 50;

/** The page of a flag: variations, allocations in order, and changes. */
export function FlagPage({ environment, frame, view }: FlagProps): JSX.Element {
  const { changes, description, issues, nowMs } = view;
  const { allocations, isHashed, key, problem, valueType, variations } = description;
  const all = <a href={flagJsonAddress(environment, key)}>show all as JSON</a>;
  const colors = new Map(variations.map((it, i) => [it.key, colorOf(i)]));
  return (
    <Layout
      title={<Text text={key} />}
      name={shown(key.slice(0, MAX_TEXT))}
      frame={frame}
      view="flags"
    >
      <p class="head">
        <StateChip state={flagState(description)} />
        <span class="chip">{valueType ?? "any type"}</span>
        <a href={pageAddress(environment, "subject", { flag: key, search: key })}>Evaluate</a>
        <a href={flagJsonAddress(environment, key)}>Show as JSON</a>
        {isHashed ? <span class="quiet">Attributes and listed values are hashes.</span> : null}
      </p>
      {problem === null ? null : (
        <p class="bad">
          <Text text={problem} all={all} />
        </p>
      )}
      {issues.length === 0 ? null : (
        <section class="card">
          <h2>Issues</h2>
          <ul>
            {issues.slice(0, MAX_LIST).map(({ message, path }) => (
              <li>
                <Text text={`${path}: ${message}`} all={all} />
              </li>
            ))}
            <More list={issues} all={all} />
          </ul>
        </section>
      )}
      <h2>Variations</h2>
      {variations.length === 0 ? <p class="empty">This flag has no variations.</p> : null}
      <ul class="variations">
        {variations.slice(0, MAX_LIST).map((it, i) => (
          <li>
            <Swatch color={colorOf(i)} /> <Text text={it.key} all={all} />{" "}
            <span class="chip value">
              <Text text={it.problem ?? variationText(it.value, valueType)} all={all} />
            </span>
          </li>
        ))}
        <More list={variations} all={all} />
      </ul>
      {allocations.some(({ window }) => window !== null) ? (
        <Windows allocations={allocations.slice(0, MAX_LIST)} nowMs={nowMs} all={all} />
      ) : null}
      <h2>Allocations</h2>
      {allocations.length === 0 ? (
        <p class="empty">This flag has no allocations, so it never assigns a variation.</p>
      ) : (
        <p class="lead">
          Tried in this order. The first allocation that assigns a variation decides. Subjects that
          are not assigned continue with the next one.
        </p>
      )}
      {allocations.slice(0, MAX_LIST).map((allocation, index) => (
        <Allocation allocation={allocation} colors={colors} index={index} nowMs={nowMs} all={all} />
      ))}
      <More list={allocations} all={all} />
      <h2>Changes</h2>
      {changes.length === 0 ? (
        <p class="empty">Changes of this flag appear here. This relay has not seen any yet.</p>
      ) : (
        <ol class="timeline card">
          {changes.map((it) => (
            <Changed environment={environment} flagKey={key} revision={it} all={all} />
          ))}
        </ol>
      )}
    </Layout>
  );
}

interface ChangedProps {
  readonly environment: string;
  readonly flagKey: string;
  readonly revision: SeenRevision;
  readonly all: JSX.Element;
}

/** A change of the flag in one line. */
function Changed({ all, environment, flagKey, revision: seen }: ChangedProps): JSX.Element {
  const { changes, described, revision, seenAtMs } = seen;
  const change = changes?.get(flagKey) ?? "changed";
  const summary = described.find(({ key }) => key === flagKey)?.summary ?? change;
  return (
    <li>
      <a href={pageAddress(environment, "change", { revision, seen: isoText(seenAtMs) })}>
        <Time ms={seenAtMs} />
      </a>
      <div>
        {change === "changed" && summary !== change ? null : <StateChip state={change} />}{" "}
        {summary === change ? null : <Text text={summary} all={all} />}
      </div>
    </li>
  );
}

interface WindowsProps {
  readonly allocations: readonly AllocationDescription[];
  readonly nowMs: number;
  readonly all: JSX.Element;
}

/** When each allocation is active, on one time line. */
function Windows({ all, allocations, nowMs }: WindowsProps): JSX.Element {
  const axis = timeAxis(
    allocations.flatMap(({ window }) => window ?? []),
    nowMs,
  );
  return (
    <>
      <h2>Time line</h2>
      <div class="card">
        <ol class="windows">
          {allocations.map(({ key, window }) => {
            const isOpen = windowStateAt(window, nowMs) === "open";
            return (
              <li>
                <span>
                  <Text text={key} all={all} />{" "}
                  <span class="quiet small">{windowWords(window)}</span>
                </span>
                <WindowLine window={window} axis={axis} color={isOpen ? "live" : "share"} />
              </li>
            );
          })}
        </ol>
        <p class="quiet small">The mark is now, {momentText(nowMs)}.</p>
      </div>
    </>
  );
}

interface AllocationProps {
  readonly allocation: AllocationDescription;
  /** CSS classes of the colours, by variation. */
  readonly colors: ReadonlyMap<string, string>;
  readonly index: number;
  readonly nowMs: number;
  readonly all: JSX.Element;
}

function Allocation({ all, allocation, colors, index, nowMs }: AllocationProps): JSX.Element {
  const { isLogged, key, rules, splits, traffic, window } = allocation;
  return (
    <section class="card">
      <h3>
        {index + 1}. <Text text={key} all={all} />
      </h3>
      {window === null ? null : <p>{windowText(window, nowMs)}</p>}
      {rules.length === 0 ? (
        <p>For all subjects:</p>
      ) : (
        <ul class="rules">
          {rules.slice(0, MAX_LIST).map((rule, i) => (
            <li>
              <Rule rule={rule} isFirst={i === 0} all={all} />
            </li>
          ))}
          <More list={rules} all={all} />
        </ul>
      )}
      {traffic === null ? (
        <p class="quiet">
          {splits.length === 0 ? "This allocation has no splits." : "The shares are unknown."}
        </p>
      ) : (
        <Split traffic={traffic} colors={colors} all={all} />
      )}
      {isLogged ? null : <p class="quiet">Assignments by this allocation are not logged.</p>}
    </section>
  );
}

interface SplitProps extends Pick<AllocationProps, "all" | "colors"> {
  readonly traffic: NonNullable<AllocationDescription["traffic"]>;
}

/** The split of the subjects that match the rules. */
function Split({ all, colors, traffic }: SplitProps): JSX.Element {
  const { byVariation, unassigned } = traffic;
  const parts = [...byVariation].map(([name, share]) => ({
    name,
    share,
    color: colors.get(name) ?? colorOf(-1),
  }));
  const listed = parts.slice(0, MAX_LIST);
  return (
    <>
      <SplitBar parts={listed} />
      <ul class="variations">
        {listed.map(({ color, name, share }) => (
          <li>
            <Swatch color={color} /> <Text text={name} all={all} /> {shareText(share)}
          </li>
        ))}
        <More list={parts} all={all} />
        {unassigned === 0 ? null : (
          <li>
            <Swatch color={colorOf(-1)} /> <span class="quiet">not assigned</span>{" "}
            {shareText(unassigned)}
          </li>
        )}
      </ul>
    </>
  );
}

interface RuleProps extends Pick<AllocationProps, "all"> {
  readonly rule: RuleDescription;
  readonly isFirst: boolean;
}

/** A rule as a sentence. */
function Rule({ all, isFirst, rule: { conditions, problem } }: RuleProps): JSX.Element {
  if (problem !== null) return <Text text={problem} all={all} />;
  if (conditions.length === 0) return <>{isFirst ? "For all subjects" : "Or for all subjects"}</>;
  const sentence = conditions.map(conditionWords).join(" and ");
  return (
    <>
      {isFirst ? "If" : "Or if"} <Text text={sentence} all={all} />
    </>
  );
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

function windowText(window: WindowDescription, nowMs: number): string {
  const words = {
    open: "Active",
    ended: "Ended. It was active",
    "not-started": "Not started. Active",
  };
  return `${words[windowStateAt(window, nowMs)]} ${windowWords(window)}`;
}

/** Some payloads have JSON values as strings. */
function variationText(value: unknown, type: FlagView["description"]["valueType"]): string {
  return type === "json" && typeof value === "string"
    ? value
    : (JSON.stringify(value) ?? "nothing");
}

function isoText(ms: number): string {
  return new Date(ms).toISOString();
}
