import type { Child } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { pageAddress } from "./addresses.js";

/** What a page stands in. */
export interface Frame {
  /** Names of all environments. */
  readonly environments: readonly string[];
  /** `null`: the page is about all of them. */
  readonly environment: string | null;
  /** Whether its exposures can be shown. */
  readonly isLive: boolean;
}

const VIEWS = [
  ["subject", "A subject"],
  ["flags", "Flags"],
  ["changes", "Changes"],
  ["live", "Exposures now"],
] as const;

/** The name of a view in the navigation. */
export type ViewName = (typeof VIEWS)[number][0] | "relay";

interface LayoutProps {
  readonly title: string;
  readonly frame: Frame;
  readonly view: ViewName;
  readonly children: Child;
}

/** A whole page. */
export function Layout({ children, frame, title, view }: LayoutProps): JSX.Element {
  const { environment, environments } = frame;
  const shown = environment ?? environments[0] ?? "";
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · ${environment ?? "relay"}`}</title>
        <link rel="icon" href="/page/icon.svg" />
        <link rel="stylesheet" href="/page/style.css" />
      </head>
      <body>
        <header>
          <a class="skip" href="#main">
            To the content
          </a>
          <nav aria-label="Views">
            <ul>
              {VIEWS.filter(([name]) => name !== "live" || frame.isLive).map(([name, text]) => (
                <li>
                  <a href={pageAddress(shown, name)} aria-current={view === name ? "page" : null}>
                    {text}
                  </a>
                </li>
              ))}
              <li>
                <a href="/page" aria-current={view === "relay" ? "page" : null}>
                  Relay
                </a>
              </li>
            </ul>
          </nav>
          {environments.length > 1 && environment !== null && view !== "relay" ? (
            <nav aria-label="Environments">
              <ul>
                {environments.map((name) => (
                  <li>
                    <a
                      href={pageAddress(name, view)}
                      aria-current={name === environment ? "true" : null}
                    >
                      {name}
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
          ) : null}
        </header>
        <main id="main">
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>
  );
}
