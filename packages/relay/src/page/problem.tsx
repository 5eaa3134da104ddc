import type { JSX } from "hono/jsx/jsx-runtime";
import type { RequestProblem } from "../views/request-problem.js";
import { pageAddress } from "./addresses.js";
import { type Frame, Layout } from "./layout.js";
import { Text } from "./text.js";

/** Why there is no answer, and what may have been meant. */
export function ProblemPage({
  frame,
  problem: { message, nearest },
}: {
  frame: Frame;
  problem: RequestProblem;
}): JSX.Element {
  const { environment } = frame;
  return (
    <Layout title="There is no answer" frame={frame} view="subject">
      <p class="bad">
        <Text text={message} />
      </p>
      {nearest.length === 0 || environment === null ? null : (
        <>
          <p>Did you mean</p>
          <ul>
            {nearest.map((key) => (
              <li>
                <a href={pageAddress(environment, "flag", { key })}>
                  <Text text={key} />
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </Layout>
  );
}
