import type { JSX } from "hono/jsx/jsx-runtime";
import type { RequestProblem } from "../views/request-problem.js";
import { pageAddress } from "./addresses.js";
import { type Frame, Layout } from "./layout.js";
import { Text } from "./text.js";

const TITLES: Readonly<Record<number, string>> = {
  400: "Invalid request",
  403: "Request refused",
  404: "Not found",
  413: "Request too large",
  415: "Invalid request",
  500: "Internal error",
  503: "Not ready yet",
};

/** Explains why a request failed, and suggests similar names. */
export function ProblemPage({
  frame,
  problem: { message, nearest, status },
}: {
  frame: Frame;
  problem: RequestProblem;
}): JSX.Element {
  const { environment } = frame;
  return (
    <Layout title={TITLES[status] ?? "Could not show the page"} frame={frame} view={null}>
      <div class="card">
        <p class="problem">
          <Text text={message} />.
        </p>
        <Hint status={status} frame={frame} />
      </div>
      {nearest === null || environment === null ? null : (
        <p>
          Did you mean{" "}
          <a href={pageAddress(environment, "flag", { key: nearest })}>
            <Text text={nearest} />
          </a>
          ?
        </p>
      )}
    </Layout>
  );
}

/** Where readers can go on. */
function Hint({ frame, status }: { status: number; frame: Frame }): JSX.Element | null {
  const { environment, environments } = frame;
  if (status === 503) {
    return (
      <p>
        The relay keeps trying. The last error is on <a href="/page">Status</a>.
      </p>
    );
  }
  if (status !== 404) return null;
  return environment === null ? (
    <>
      <p>The relay serves these environments:</p>
      <ul>
        {environments.map(({ name }) => (
          <li>
            <a href={pageAddress(name, "subject")}>{name}</a>
          </li>
        ))}
      </ul>
    </>
  ) : (
    <p>
      See the <a href={pageAddress(environment, "flags")}>flags</a> or the{" "}
      <a href={pageAddress(environment, "changes")}>changes</a> of {environment}.
    </p>
  );
}
