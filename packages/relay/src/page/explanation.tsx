import type { TestOutcome } from "@sortition/core/dialect";
import type { AllocationSteps, Step } from "@sortition/core/dialect-internal";
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { capitalised } from "../explain/allocation-label.js";
import type { ExplainedAnswer, FlagExplanation } from "../explain/explain-flag.js";
import { countText } from "./count-text.js";
import { MAX_LIST, More } from "./more.js";
import { shown } from "./shown.js";
import { SplitScale } from "./split-scale.js";
import { Json, Text } from "./text.js";

const MARKS: Readonly<Record<TestOutcome, readonly [mark: string, word: string, color: string]>> = {
  holds: ["✓", "matched", "good"],
  fails: ["✗", "not matched", "bad"],
  unknown: ["?", "undecided", "warn"],
  error: ["!", "error", "bad"],
  "not-reached": ["–", "skipped", ""],
};

interface ExplanationProps {
  readonly explanation: FlagExplanation;
  /** Leads to the full explanation as text. */
  readonly all: JSX.Element;
}

/** Everything that was checked for a flag, as nested lists. */
export function Explanation({ all, explanation }: ExplanationProps): JSX.Element {
  if (explanation.kind === "no-such-flag") {
    const { flag, nearest } = explanation;
    return (
      <p>
        There is no flag <Text text={flag} />.{" "}
        {nearest === null ? null : (
          <>
            Did you mean <Text text={nearest} />?
          </>
        )}
      </p>
    );
  }
  const { error, steps, throws } = explanation;
  return (
    <>
      {[...new Set([throws, error])].map((message) =>
        message === null ? null : (
          <p class="bad">
            <Text text={message} all={all} />
          </p>
        ),
      )}
      {steps.length === 0 ? <p class="quiet">This flag has no allocations to check.</p> : null}
      <ol class="checks">
        {steps.slice(0, MAX_LIST).map((it) => (
          <Allocation allocation={it} all={all} />
        ))}
        <More list={steps} all={all} />
      </ol>
      <Terminal answer={explanation} all={all} />
    </>
  );
}

interface StepProps {
  readonly all: JSX.Element;
}

function Allocation({
  all,
  allocation: { key, name, outcome, steps, words },
}: StepProps & { allocation: AllocationSteps }): JSX.Element {
  return (
    <li>
      <Marked outcome={outcome}>
        <strong>
          <Text text={name === key ? key : capitalised(name)} all={all} />
        </strong>{" "}
        <span class={`chip ${MARKS[outcome][2]}`}>{words}</span>
      </Marked>
      <Steps steps={steps} all={all} />
    </li>
  );
}

function Steps({ all, steps }: StepProps & { steps: readonly Step[] }): JSX.Element | null {
  if (steps.length === 0) return null;
  return (
    <ul>
      {steps.slice(0, MAX_LIST).map((it) => (
        <li>
          <Marked outcome={it.outcome}>
            <Json text={it.words} all={all} />
          </Marked>
          {it.place === null ? null : <SplitScale place={it.place} all={all} />}
          <Steps steps={it.steps} all={all} />
        </li>
      ))}
      <More list={steps} all={all} />
    </ul>
  );
}

/** A line with the mark of an outcome, which has a text alternative. */
export function Marked({
  children,
  outcome,
}: {
  children: Child;
  outcome: TestOutcome;
}): JSX.Element {
  const [mark, word] = MARKS[outcome];
  return (
    <div class={`check ${outcome}`}>
      <span class="mark-of" aria-hidden="true">
        {mark}
      </span>
      <div>
        <span class="spoken">{word}: </span>
        {children}
      </div>
    </div>
  );
}

/** The output of `sortition explain` and the command that prints it. */
function Terminal({
  all,
  answer: { command, text },
}: {
  answer: ExplainedAnswer;
  all: JSX.Element;
}): JSX.Element {
  return (
    <details>
      <summary>In a terminal</summary>
      <p class="small">Save the configuration to flags.json and run:</p>
      <Pre text={command} all={all} />
      <Pre text={text} all={all} />
    </details>
  );
}

/** Maximum number of characters of a block of text: hundreds of lines. */
const MAX_BLOCK = 50_000;

function Pre({ all, text }: { all: JSX.Element; text: string }): JSX.Element {
  if (text.length <= MAX_BLOCK) return <pre>{shown(text)}</pre>;
  return (
    <>
      <pre>{shown(text.slice(0, MAX_BLOCK))}…</pre>
      <p>
        The first {countText(MAX_BLOCK, "character")} of {text.length.toLocaleString("en-US")} are
        shown. {all}
      </p>
    </>
  );
}
