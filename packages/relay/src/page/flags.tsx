import { allocationName, shareText } from "@sortition/core/dialect-internal";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { DialectName } from "../config/config.js";
import type { ListedSplit } from "../explain/describe-flags.js";
import { EXPLAINERS } from "../explain/explainers.js";
import type { FlagRow, FlagsView } from "../views/environment-views.js";
import { pageAddress } from "./addresses.js";
import { Ago } from "./ago.js";
import { colorOf, SplitBar } from "./bars.js";
import { StateChip } from "./chips.js";
import { countText } from "./count-text.js";
import { type Frame, Layout } from "./layout.js";
import { PageLinks } from "./page-links.js";
import { Text, Time } from "./text.js";

interface FlagsProps {
  readonly frame: Frame;
  readonly environment: string;
  readonly search: string;
  /** The state of the listed flags, see `STATES`. */
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
  const { evaluatedSinceMs, issues, items } = view;
  const isEvaluated = evaluatedSinceMs !== null;
  const caption = countText(view.total, "flag");
  const head = ["Flag", "State", "Split", "Issues", "Last change"];
  if (isEvaluated) head.push("Last evaluated");
  return (
    <Layout title="Flags" frame={frame} view="flags">
      <form class="filter" method="get" action={pageAddress(environment, "flags")}>
        <div class="fields">
          <label>
            Filter flags
            <input type="search" name="search" value={search} placeholder="Part of the key" />
          </label>
        </div>
        {state === "" ? null : <input type="hidden" name="state" value={state} />}
        <button type="submit">Filter</button>
      </form>
      <States {...props} />
      {items.length > 0 ? (
        <section class="table" tabindex={0} aria-label={caption}>
          <table class="stacked">
            <caption>{caption}</caption>
            <thead>
              <tr>
                {head.map((title) => (
                  <th scope="col">{title}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {items.map((it) => (
                <Row
                  dialect={view.dialect}
                  environment={environment}
                  flag={it}
                  isEvaluated={isEvaluated}
                  nowMs={nowMs}
                />
              ))}
            </tbody>
          </table>
        </section>
      ) : (
        <p class="empty">
          {search === "" && state === "" ? (
            "This environment's configuration has no flags yet."
          ) : (
            <>
              No flag matches the filter. <a href={pageAddress(environment, "flags")}>Show all</a>
            </>
          )}
        </p>
      )}
      {items.length === 0 ? null : isEvaluated ? (
        <p class="quiet small">
          Evaluations have been recorded since the relay started, <Time ms={evaluatedSinceMs} />.
        </p>
      ) : (
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

const STATES: readonly (readonly [state: string, text: string])[] = [
  ["", "All"],
  ["enabled", "Enabled"],
  ["disabled", "Disabled"],
  ["malformed", "Malformed"],
  ["issues", "With issues"],
  ["not-evaluated", "Not evaluated"],
];

/** Links that filter the list by state. */
function States({ environment, search, state, view }: FlagsProps): JSX.Element {
  const states = STATES.filter(([it]) => it !== "not-evaluated" || view.evaluatedSinceMs !== null);
  return (
    <nav class="states" aria-label="State">
      <ul>
        {states.map(([it, text]) => (
          <li>
            <a
              href={pageAddress(environment, "flags", {
                ...(search === "" ? {} : { search }),
                ...(it === "" ? {} : { state: it }),
              })}
              aria-current={it === state ? "true" : null}
            >
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface RowProps {
  readonly dialect: DialectName;
  readonly environment: string;
  readonly flag: FlagRow;
  readonly isEvaluated: boolean;
  readonly nowMs: number;
}

function Row({ dialect, environment, flag, isEvaluated, nowMs }: RowProps): JSX.Element {
  const { issues, key, lastChangeAtMs, lastEvaluatedAtMs, state, type } = flag;
  return (
    <tr>
      <th scope="row">
        <a href={pageAddress(environment, "flag", { key })}>
          <Text text={key} />
        </a>
        {type === null ? null : <div class="quiet small">{type}</div>}
      </th>
      <td class="narrow">
        <StateChip state={state} />
      </td>
      <td class="wide">
        <Split dialect={dialect} flag={flag} />
      </td>
      <td class="narrow" data-label="Issues">
        {issues === 0 ? "0" : <span class="chip bad">{countText(issues, "issue")}</span>}
      </td>
      <td data-label="Last change">
        {lastChangeAtMs === null ? "none seen" : <Ago ms={lastChangeAtMs} nowMs={nowMs} />}
      </td>
      {isEvaluated ? (
        <td data-label="Last evaluated">
          {lastEvaluatedAtMs === null ? (
            "not since the relay started"
          ) : (
            <Ago ms={lastEvaluatedAtMs} nowMs={nowMs} />
          )}
        </td>
      ) : null}
    </tr>
  );
}

/** Variations in one bar. The rest of a list is on the page of the flag. */
const MAX_SHARES = 6;
/** The smallest share that rounds to more than 0%. */
const MIN_SHARE = 0.0005;
/** Maximum number of allocations to name. */
const MAX_ALLOCATIONS = 4;
/** Maximum length of the rules in a bar's label. */
const MAX_AUDIENCE = 80;

/** The shares of an allocation as one stacked bar, labelled with the allocation. */
function Split({ dialect, flag }: Pick<RowProps, "dialect" | "flag">): JSX.Element | null {
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
  const label = splitLabel(split, allocationKeys, dialect);
  const rest = split.shares.length - shares.length;
  const unassigned = 1 - split.shares.reduce((sum, { share }) => sum + share, 0);
  const texts = [
    ...shares.map(({ name, share }) => `${name}: ${roundedShare(share)}`),
    ...(rest > 0 ? [`${rest} more`] : []),
    ...(unassigned < MIN_SHARE ? [] : [`not assigned: ${roundedShare(unassigned)}`]),
  ];
  return (
    <>
      {label === "" ? null : (
        <div class="small">
          <Text text={label} />
        </div>
      )}
      <SplitBar parts={shares} />
      <Text text={texts.join(", ")} />
      {allocationKeys.length < 2 ? null : (
        <div class="quiet small">
          <Allocations keys={allocationKeys} current={split.allocation} dialect={dialect} />
        </div>
      )}
    </>
  );
}

/** Returns a bar's label: `In pilot (1 of 2), if country is DE:`. Empty for a single allocation without rules. */
function splitLabel(
  { allocation, audience }: ListedSplit,
  keys: readonly string[],
  dialect: DialectName,
): string {
  const index = keys.indexOf(allocation);
  // The bar shows GrowthBook's default value.
  if (index < 0) return keys.length === 0 ? "" : "Otherwise:";
  const rules = audience === null ? null : shortened(audience);
  if (keys.length === 1) return rules === null ? "" : `If ${rules}:`;
  const name = allocationName(allocation, index, EXPLAINERS[dialect].words);
  const place = `In ${name} (${index + 1} of ${keys.length.toLocaleString("en-US")})`;
  return `${place}${rules === null ? "" : `, if ${rules}`}:`;
}

function shortened(audience: string): string {
  return audience.length <= MAX_AUDIENCE ? audience : `${audience.slice(0, MAX_AUDIENCE - 1)}…`;
}

interface AllocationsProps extends Pick<RowProps, "dialect"> {
  /** Key of the allocation of the bar. */
  readonly current: string;
  readonly keys: readonly string[];
}

/** Lists the allocations of a flag in order, including holdouts. The bar's allocation is bold. */
function Allocations({ current, dialect, keys }: AllocationsProps): JSX.Element {
  const named = keys.slice(0, MAX_ALLOCATIONS);
  const rest = keys.length - named.length;
  const { words } = EXPLAINERS[dialect];
  return (
    <>
      {countText(keys.length, words.noun)} in order:{" "}
      {named.map((key, i) => {
        const name = <Text text={allocationName(key, i, words)} />;
        return (
          <>
            {i === 0 ? null : ", "}
            {key === current ? <b>{name}</b> : name}
          </>
        );
      })}
      {rest > 0 ? `, ${rest} more` : null}
    </>
  );
}

function roundedShare(share: number): string {
  return shareText(Number(share.toFixed(3)));
}
