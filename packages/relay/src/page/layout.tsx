import { MARK } from "@sortition/page-style";
import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { type DialectName, VENDOR_FACTS } from "../config/config.js";
import { VERSION } from "../version.js";
import { ALL_CHANGES, pageAddress } from "./addresses.js";
import { StateChip } from "./chips.js";

/** An entry of the environment switcher. */
export interface FrameEnvironment {
  readonly name: string;
  readonly dialect: DialectName;
  /** State of its client; `null` if not started. */
  readonly state: string | null;
}

/** The data for everything around the content of a page. */
export interface Frame {
  readonly environments: readonly FrameEnvironment[];
  /** Name of the current environment; `null` for a page about all environments. */
  readonly environment: string | null;
}

const VIEWS = [
  ["subject", "Evaluate"],
  ["flags", "Flags"],
  ["changes", "Changes"],
] as const;

/** The name of a view in the navigation. */
export type ViewName = (typeof VIEWS)[number][0] | "relay";

interface LayoutProps {
  readonly title: Child;
  /** The window title. Default: `title`, which then must be a string. */
  readonly name?: string;
  readonly frame: Frame;
  /** `null` if the page is not in the navigation. */
  readonly view: ViewName | null;
  readonly children: Child;
}

/** A whole page. */
export function Layout({ children, frame, name, title, view }: LayoutProps): JSX.Element {
  const { environment, environments } = frame;
  const current = environments.find((it) => it.name === environment) ?? null;
  const target = current ?? environments[0] ?? null;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${name ?? title} · ${environment ?? "Sortition relay"}`}</title>
        <link rel="icon" href="/page/icon.svg" />
        <link rel="stylesheet" href="/page/style.css" />
      </head>
      <body>
        <header class="top">
          <a class="skip" href="#main">
            Skip to the content
          </a>
          <div class="bar">
            <a class="brand" href="/">
              {raw(MARK)}
              Sortition relay
            </a>
            <nav class="views" aria-label="Views">
              <ul>
                {VIEWS.map(([it, text]) => (
                  <li>
                    <a
                      href={viewAddress(it, current, target)}
                      aria-current={view === it ? "page" : null}
                    >
                      {text}
                    </a>
                  </li>
                ))}
                <li>
                  <a href="/page" aria-current={view === "relay" ? "page" : null}>
                    Status
                  </a>
                </li>
              </ul>
            </nav>
            <Environments frame={frame} view={view} />
          </div>
        </header>
        <main id="main">
          {current === null || environments.length === 1 ? null : (
            <p class="place">
              Environment <b>{current.name}</b>
            </p>
          )}
          <h1>{title}</h1>
          {children}
        </main>
        <footer>
          <span>Sortition relay {VERSION}</span>
          <a href="/status">Status as JSON</a>
        </footer>
      </body>
    </html>
  );
}

/** Without an environment, *Changes* shows all environments, and other views show the first one. */
function viewAddress(
  view: (typeof VIEWS)[number][0],
  current: FrameEnvironment | null,
  target: FrameEnvironment | null,
): string {
  return current === null && view === "changes"
    ? ALL_CHANGES
    : pageAddress(target?.name ?? "", view);
}

function Environments({ frame, view }: Pick<LayoutProps, "frame" | "view">): JSX.Element {
  const { environment, environments } = frame;
  const current = environments.find(({ name }) => name === environment);
  const target = view === null || view === "relay" ? "subject" : view;
  return (
    <details class="environments">
      <summary>
        {current === undefined ? "All environments" : <Environment environment={current} />}
      </summary>
      <ul>
        {view === "changes" && environments.length > 1 ? (
          <li>
            <a href={ALL_CHANGES} aria-current={environment === null ? "true" : null}>
              All environments
            </a>
          </li>
        ) : null}
        {environments.map((it) => (
          <li>
            <a
              href={pageAddress(it.name, target)}
              aria-current={it.name === environment ? "true" : null}
            >
              <Environment environment={it} />
            </a>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Environment({
  environment: { dialect, name, state },
}: {
  environment: FrameEnvironment;
}): JSX.Element {
  return (
    <>
      <span>{name}</span> <span class="quiet small">{VENDOR_FACTS[dialect].title}</span>{" "}
      <StateChip state={state} />
    </>
  );
}
