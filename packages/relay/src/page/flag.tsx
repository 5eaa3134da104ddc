import type {
  AllocationDescription,
  DialectWords,
  RuleDescription,
  WindowDescription,
} from "@sortition/core/dialect";
import {
  allocationName,
  conditionWords,
  momentText,
  type NamedVariation,
  type NamedVariations,
  nameVariations,
  shareText,
  unitWords,
  windowStateAt,
  windowWords,
} from "@sortition/core/dialect-internal";
import type { JSX } from "hono/jsx/jsx-runtime";
import { capitalised } from "../explain/allocation-label.js";
import { type FlagState, flagState } from "../explain/describe-flags.js";
import { EXPLAINERS } from "../explain/explainers.js";
import { type Otherwise, otherwiseOf } from "../explain/otherwise.js";
import type { SeenRevision } from "../history/history.js";
import type { FlagView } from "../views/environment-views.js";
import { flagJsonAddress, pageAddress } from "./addresses.js";
import { Ago } from "./ago.js";
import { colorOf, NowLabel, SplitBar, Swatch, timeAxis, WindowLine } from "./bars.js";
import { StateChip } from "./chips.js";
import { countText } from "./count-text.js";
import { type Frame, Layout } from "./layout.js";
import { MAX_LIST, More } from "./more.js";
import { MAX_TEXT, shown } from "./shown.js";
import { isoText, Json, Text, Time } from "./text.js";

interface FlagProps {
  readonly frame: Frame;
  readonly environment: string;
  readonly view: FlagView;
  /** A button that returns to the results of an evaluation. */
  readonly results?: JSX.Element;
}

/** Longer keys are shown in a smaller font. */
const LONG_KEY = 40;

/** The page of a flag: variations, allocations in order, and changes. */
export function FlagPage({ environment, frame, results, view }: FlagProps): JSX.Element {
  const { changes, description, dialect, evaluatedSinceMs, issues, lastEvaluatedAtMs, nowMs } =
    view;
  const { isHashed, key, problem, valueType } = description;
  const state = flagState(description);
  const { words } = EXPLAINERS[dialect];
  const otherwise = otherwiseOf(description, words);
  const { allocations } = otherwise;
  const { noun } = words;
  const { byAllocation, distinct } = nameVariations(description);
  const all = <a href={flagJsonAddress(environment, key)}>show all as JSON</a>;
  const title = <Text text={key} />;
  return (
    <Layout
      title={key.length > LONG_KEY ? <span class="long">{title}</span> : title}
      name={shown(key.slice(0, MAX_TEXT))}
      frame={frame}
      view="flags"
    >
      {results}
      <p class="head">
        <StateChip state={state} />
        {valueType === null ? null : <span class="chip">{valueType}</span>}
        {evaluatedSinceMs === null ? null : (
          <span class="quiet">
            {lastEvaluatedAtMs === null ? (
              <>
                Not evaluated since the relay started, <Time ms={evaluatedSinceMs} />
              </>
            ) : (
              <>
                Last evaluated <Ago ms={lastEvaluatedAtMs} nowMs={nowMs} />
              </>
            )}
          </span>
        )}
        <a href={pageAddress(environment, "subject", { flag: key, search: key })}>Evaluate</a>
        <a href={flagJsonAddress(environment, key)}>Show as JSON</a>
        {isHashed ? <span class="quiet">Attributes and listed values are hashes.</span> : null}
      </p>
      {problem === null || issues.length > 0 ? null : (
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
      {state === "malformed" ? null : (
        <>
          <h2>Variations</h2>
          <Variations variations={distinct} words={words} valueType={valueType} all={all} />
          {allocations.some(({ window }) => window !== null) ? (
            <Windows allocations={allocations.slice(0, MAX_LIST)} nowMs={nowMs} all={all} />
          ) : null}
          <h2>{capitalised(noun)}s</h2>
          <p class="lead">
            <AllocationsText state={state} otherwise={otherwise} noun={noun} all={all} />
          </p>
          {allocations.slice(0, MAX_LIST).map((allocation, index) => (
            <Allocation
              allocation={allocation}
              words={words}
              names={byAllocation[index] ?? new Map()}
              index={index}
              nowMs={nowMs}
              all={all}
            />
          ))}
          <More list={allocations} all={all} />
          {allocations.length === 0 || state !== "enabled" ? null : (
            <Rest otherwise={otherwise} words={words} all={all} />
          )}
        </>
      )}
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

interface OtherwiseProps {
  readonly otherwise: Otherwise;
  readonly all: JSX.Element;
}

interface AllocationsTextProps extends OtherwiseProps {
  /** What the vendor calls an allocation. */
  readonly noun: string;
  readonly state: FlagState;
}

/** Explains how allocations are tried, or what subjects get if none is. */
function AllocationsText({ all, noun, otherwise, state }: AllocationsTextProps): JSX.Element {
  const { length } = otherwise.allocations;
  if (state === "disabled" || length === 0) {
    return (
      <>
        This flag {state === "disabled" ? "is disabled" : `has no ${noun}s`}. All subjects get{" "}
        <OtherwiseWords otherwise={otherwise} all={all} />.
      </>
    );
  }
  if (length === 1) return <>This flag has 1 {noun}.</>;
  return (
    <>
      This flag has {countText(length, noun)}, tried in this order. The first one that assigns a
      variation decides. Subjects that are not assigned continue with the next one.
    </>
  );
}

/** Shows what subjects get if no allocation assigns a variation. */
function Rest({ all, otherwise, words }: OtherwiseProps & { words: DialectWords }): JSX.Element {
  const { allocations, catchAll, withoutValue } = otherwise;
  const value = <OtherwiseWords otherwise={otherwise} all={all} />;
  return (
    <p class="card">
      <b>Otherwise:</b>{" "}
      {catchAll === null ? (
        value
      ) : (
        <>
          never reached. {capitalised(numberedName(allocations, catchAll, words))} assigns all
          remaining subjects
          {withoutValue.length === 0 ? (
            <>, so {value} is not used.</>
          ) : (
            <>
              . The variant <Text text={withoutValue.join(", ")} all={all} /> has no value, so your
              application uses its own default.
            </>
          )}
        </>
      )}
    </p>
  );
}

function OtherwiseWords({ all, otherwise: { value, words } }: OtherwiseProps): JSX.Element {
  if (value === undefined) return <>{words}</>;
  return (
    <>
      {words}{" "}
      <span class="chip value">
        <Json text={JSON.stringify(value)} all={all} />
      </span>
    </>
  );
}

interface VariationsProps {
  readonly variations: NamedVariations["distinct"];
  readonly words: DialectWords;
  readonly valueType: FlagView["description"]["valueType"];
  readonly all: JSX.Element;
}

function Variations({ all, valueType, variations, words }: VariationsProps): JSX.Element {
  const { returnsKeys = false } = words;
  if (variations.length === 0) return <p class="empty">This flag has no variations.</p>;
  return (
    <ul class="variations">
      {variations.slice(0, MAX_LIST).map(({ key, name = key, problem, value }, i) => {
        const text = problem ?? variationText(key, value, valueType, returnsKeys);
        const payload = returnsKeys ? payloadText(value) : null;
        const isNamed = name !== null && !returnsKeys;
        return (
          <li>
            <Swatch color={colorOf(i)} /> {isNamed ? <Text text={name} all={all} /> : null}{" "}
            {text === null ? (
              <span class="quiet">no value</span>
            ) : (
              <span class="chip value">
                <Json text={text} all={all} />
              </span>
            )}
            {payload === null ? null : (
              <>
                {" "}
                <span class="quiet">payload</span>{" "}
                <span class="chip value">
                  <Json text={payload} all={all} />
                </span>
              </>
            )}
          </li>
        );
      })}
      <More list={variations} all={all} />
    </ul>
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
          <li aria-hidden="true">
            <span />
            <NowLabel axis={axis} />
          </li>
        </ol>
        <p class="quiet small">Now: {momentText(nowMs)}</p>
      </div>
    </>
  );
}

interface AllocationProps {
  readonly words: DialectWords;
  readonly allocation: AllocationDescription;
  /** Its variations, by their keys. */
  readonly names: ReadonlyMap<string, NamedVariation>;
  readonly index: number;
  readonly nowMs: number;
  readonly all: JSX.Element;
}

function Allocation({ all, allocation, index, names, nowMs, words }: AllocationProps): JSX.Element {
  const { isLogged, key, rules, splits, traffic, window } = allocation;
  const numbered = allocationName(key, index, words);
  return (
    <section class="card">
      <h3>
        {numbered === key ? (
          <>
            {words.numberOf === undefined ? `${index + 1}. ` : null}
            <Text text={key} all={all} />
          </>
        ) : (
          <Text text={capitalised(numbered)} all={all} />
        )}
      </h3>
      {window === null ? null : <p>{windowText(window, nowMs)}</p>}
      {rules.length === 0 ? (
        <p>For all subjects:</p>
      ) : (
        <ul class="rules">
          {rules.slice(0, MAX_LIST).map((rule, i) => (
            <li>
              <Rule rule={rule} words={words} isFirst={i === 0} all={all} />
            </li>
          ))}
          <More list={rules} all={all} />
        </ul>
      )}
      {traffic === null ? (
        <p class="quiet">
          {splits.length === 0 ? `This ${words.noun} has no splits.` : "The shares are unknown."}
        </p>
      ) : (
        <Split traffic={traffic} names={names} all={all} />
      )}
      {unitWords(allocation).map((it) => (
        <p class="quiet">
          <Text text={`${capitalised(it)}.`} all={all} />
        </p>
      ))}
      {isLogged ? null : <p class="quiet">Assignments by this {words.noun} are not logged.</p>}
    </section>
  );
}

interface SplitProps extends Pick<AllocationProps, "all" | "names"> {
  readonly traffic: NonNullable<AllocationDescription["traffic"]>;
}

/** The split of the subjects that match the rules. */
function Split({ all, names, traffic }: SplitProps): JSX.Element {
  const { byVariation, unassigned } = traffic;
  const parts = [...byVariation].map(([key, share]) => {
    const { index = -1, name = key } = names.get(key) ?? {};
    return { name, share, color: colorOf(index) };
  });
  const listed = parts.slice(0, MAX_LIST);
  return (
    <>
      <SplitBar parts={listed} />
      <ul class="variations">
        {listed.map(({ color, name, share }) => (
          <li>
            <Swatch color={color} /> <Text text={name} all={all} />: {shareText(share)}
          </li>
        ))}
        <More list={parts} all={all} />
        {unassigned === 0 ? null : (
          <li>
            <Swatch color={colorOf(-1)} /> <span class="quiet">not assigned:</span>{" "}
            {shareText(unassigned)}
          </li>
        )}
      </ul>
    </>
  );
}

interface RuleProps extends Pick<AllocationProps, "all"> {
  readonly rule: RuleDescription;
  readonly words: DialectWords;
  readonly isFirst: boolean;
}

/** A rule as a sentence. */
function Rule({ all, isFirst, rule: { conditions, problem }, words }: RuleProps): JSX.Element {
  if (problem !== null) return <Text text={problem} all={all} />;
  if (conditions.length === 0) return <>{isFirst ? "For all subjects" : "Or for all subjects"}</>;
  const sentence = conditions.map((it) => conditionWords(it, words)).join(" and ");
  return (
    <>
      {isFirst ? "If" : "Or if"} <Text text={sentence} all={all} />
    </>
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

/** Returns the vendor's term for an allocation, with its number in the list: `rule 2`. */
function numberedName(
  allocations: readonly AllocationDescription[],
  index: number,
  words: DialectWords,
): string {
  const { key = "" } = allocations[index] ?? {};
  const name = allocationName(key, index, words);
  return name === key ? `${words.noun} ${index + 1}` : name;
}

/** Returns the value that applications get, or `null`. Some payloads contain JSON as strings. */
function variationText(
  key: string,
  value: unknown,
  type: FlagView["description"]["valueType"],
  returnsKeys: boolean,
): string | null {
  if (returnsKeys) return key === "true" ? key : JSON.stringify(key);
  if (type === "json" && typeof value === "string") return value;
  return value === undefined ? null : value === "" ? "empty string" : JSON.stringify(value);
}

/** Returns the payload of a variation, or `null`. Payloads may be JSON as strings. */
function payloadText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === "string" ? value : JSON.stringify(value);
}
