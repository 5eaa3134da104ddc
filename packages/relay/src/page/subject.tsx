import type { JSX } from "hono/jsx/jsx-runtime";
import { EvaluateForm, type EvaluateFormProps } from "./evaluate-form.js";
import { type Frame, Layout } from "./layout.js";
import { Results, type SubjectAnswer } from "./results.js";
import { Text } from "./text.js";

interface SubjectProps extends EvaluateFormProps {
  readonly frame: Frame;
  /** `null` if nothing was evaluated. */
  readonly answer: SubjectAnswer | null;
}

/** The page with the values of all flags for a subject, and their reasons. */
export function SubjectPage({ answer, frame, ...form }: SubjectProps): JSX.Element {
  const { environment, fields, mistakes, revisions, served } = form;
  return (
    <Layout title="Evaluate" frame={frame} view="subject">
      <div class="columns">
        <EvaluateForm {...form} />
        {answer === null ? (
          <p class="empty">
            {Object.keys(mistakes).length > 0 ? (
              "Nothing was evaluated. Correct the marked fields."
            ) : fields.flag === "" ? (
              "Enter a subject key to see the value of each flag and the reason for it. Nothing is logged."
            ) : (
              <>
                Enter a subject key to see why it gets its value of <Text text={fields.flag} />.
              </>
            )}
          </p>
        ) : (
          <div id="results">
            <Results
              environment={environment}
              fields={fields}
              revisions={revisions}
              served={served}
              answer={answer}
            />
          </div>
        )}
      </div>
    </Layout>
  );
}
