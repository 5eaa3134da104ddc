/** The style of Evaluate: the form, the results and the explanations. */
export const EVALUATE_STYLE = `
@media (min-width: 62.5rem) { .columns { display: grid; grid-template-columns: 22rem minmax(0, 1fr); gap: var(--space-5); align-items: start } }
/* Sending the form scrolls to the results, unless they are next to it. */
@media (min-width: 62.5rem) { #results { scroll-margin-top: 100vh } }
.columns h2:first-child { margin-top: 0 } .columns legend { padding: 0 }
.columns form > label, form details, form details > label { margin-top: var(--space-3) } .columns form > label:first-of-type { margin-top: 0 } .columns label > :is(input, select) { font-size: 1rem }
.row > :is(.wrong, .note) { grid-column: 1 / -1; margin: 0 } .note { display: block; color: var(--warn); font-size: .875rem } .back { margin-bottom: var(--space-4) }
.result h3 > button { text-align: left; font-weight: inherit } .unmatched { list-style: none; margin: var(--space-1) 0 0; padding: 0 }
.label { color: var(--quiet); font-size: .8125rem; font-weight: 600 }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }

.results { list-style: none; padding: 0; margin: var(--space-3) 0; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius) }
.results > li { border-top: 1px solid var(--line); padding: var(--space-3) var(--space-4) } .results > li:first-child { border-top: 0 }
.result { display: grid; gap: var(--space-2) var(--space-4); grid-template-columns: minmax(0, 1fr) auto; align-items: start } .result > * { min-width: 0; overflow-wrap: anywhere }
.result > .sides { grid-column: 1 / -1 } .result > button { grid-column: 2; grid-row: 1; padding: var(--space-1) var(--space-3); min-width: 4.5rem }
.sides { display: grid; gap: var(--space-3) } .side { display: grid; gap: var(--space-1) var(--space-4) } .side > * { min-width: 0 } .side > .label { grid-column: 1 / -1 }
.opened { display: grid; gap: var(--space-5) var(--space-4); margin-top: var(--space-3) } .opened > * { min-width: 0 } .opened details { margin-top: var(--space-3) }
@media (min-width: 80rem) {
  .result { grid-template-columns: minmax(8rem, 3fr) minmax(0, 8fr) auto } .result > .sides { grid-column: 2 } .result > button { grid-column: 3 }
  .side { grid-template-columns: minmax(7.5rem, 2fr) minmax(12rem, 4fr) } .opened { grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)) }
}

.checks, .checks ul { list-style: none; margin: 0; padding: 0 } .checks ul { padding-left: 1.6rem } .checks ul li { margin-top: var(--space-2) }
.checks > li { background: var(--sunken); border-radius: var(--radius-small); padding: var(--space-3); margin-top: var(--space-2) }
.check { display: flex; gap: var(--space-2); overflow-wrap: anywhere } .check > div { flex: 1; min-width: 0 } .mark-of { flex: 0 0 1.1rem; text-align: center; font-weight: 700; color: var(--quiet) }
.check.holds > .mark-of { color: var(--good) } .check.fails > .mark-of, .check.error > .mark-of { color: var(--bad) } .check.unknown > .mark-of { color: var(--warn) } .check.not-reached { color: var(--quiet) }
.scale { margin: var(--space-1) 0 var(--space-2) 1.6rem } .scale > svg { display: block; overflow: visible }
.scale .pin { overflow: visible } .pin path { fill: var(--text); stroke: var(--sunken); stroke-width: 3; paint-order: stroke }
.scale .variations { margin: var(--space-1) 0 0; padding: 0; gap: var(--space-1) var(--space-4) } .scale .variations li { margin: 0 }
`;
