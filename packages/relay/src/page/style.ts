import { BASE_STYLE } from "@sortition/page-style";
import { EVALUATE_STYLE } from "./evaluate-style.js";

/** The style sheet of the relay's pages. */
export const STYLE: string = `${BASE_STYLE}
.skip { position: absolute; left: -99rem } .skip:focus { position: static; display: inline-block; padding: var(--space-2) }
.views ul { display: flex; gap: var(--space-1); list-style: none; margin: 0; padding: 0 }
.views a { display: block; padding: var(--space-4) var(--space-3); color: var(--quiet); text-decoration: none; border-bottom: 3px solid transparent }
.views a:hover { color: var(--text) } .views a[aria-current] { color: var(--text); font-weight: 600; border-color: var(--accent) }
.environments { position: relative; margin-left: auto } .environments summary { cursor: pointer; padding: var(--space-2) var(--space-3); border: 1px solid var(--line); border-radius: var(--radius) }
.environments ul { position: absolute; z-index: 1; right: 0; min-width: max(100%, 22rem); list-style: none; margin: var(--space-1) 0 0; padding: var(--space-2); background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius) }
.environments li a { display: grid; grid-template-columns: minmax(0, 1fr) 6rem 5.5rem; justify-items: start; align-items: center; gap: var(--space-1) var(--space-2); overflow-wrap: anywhere; padding: var(--space-2); border-radius: var(--radius-small); color: var(--text); text-decoration: none } .environments li a:hover { background: var(--sunken) }
.environments a[aria-current] { font-weight: 600 }

bdi { overflow-wrap: anywhere } time, .date { white-space: nowrap }
label, legend { display: block; font-weight: 600; font-size: .875rem } .hint { color: var(--quiet); font-size: .875rem; margin: var(--space-1) 0 } .wrong { color: var(--bad); font-size: .875rem; font-weight: 600; margin: var(--space-1) 0 }
form .fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: var(--space-3) var(--space-4); margin-bottom: var(--space-3); align-items: end }
fieldset { border: 0; margin: var(--space-4) 0; padding: 0; min-width: 0 }
.row { display: grid; grid-template-columns: 1fr 1fr; gap: var(--space-2); margin-top: var(--space-2) }
input, textarea, select, button { font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--field); border-radius: var(--radius-small); padding: var(--space-2); max-width: 100% }
input, textarea, select { width: 100%; min-width: 0; font-weight: 400 } select { text-overflow: ellipsis } textarea { font-family: var(--mono); font-size: .875rem; min-height: 5rem } [aria-invalid] { border: 2px solid var(--bad) }
::placeholder { color: var(--quiet); opacity: 1 }
button { cursor: pointer } button.main { background: var(--accent); border-color: var(--accent); color: var(--accent-text); font-weight: 600; padding: var(--space-2) var(--space-5) }
button.link { background: none; border: 0; padding: 0; color: var(--link); text-decoration: underline; text-underline-offset: .15em }
${EVALUATE_STYLE}
.long { font-size: 1.2rem } .place { margin: 0; color: var(--quiet); font-size: .875rem } .facts { display: flex; flex-wrap: wrap; gap: 0 var(--space-4) }
.starts { list-style: none; padding: 0 } .starts li { display: flex; flex-wrap: wrap; gap: 0 var(--space-4); padding: var(--space-1) 0 }
.cards { display: grid; gap: var(--space-4); grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)) } .cards .card { display: flex; flex-direction: column; margin: 0; min-width: 0 } .cards .facts { margin-top: auto; padding-top: var(--space-2) } .cards h2, .head { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-2); margin: 0 0 var(--space-3) }
.loggers { list-style: none; padding: 0; margin: 0 } .loggers li { display: flex; flex-wrap: wrap; gap: 0 var(--space-4); padding: var(--space-1) 0 } .cards h3 { margin: var(--space-4) 0 var(--space-1) } .error { color: var(--bad) }
.variations { display: flex; flex-wrap: wrap; gap: var(--space-2) var(--space-5); list-style: none; padding: 0 } .variations li { min-width: 0 } .rules { list-style: none; padding: 0 }
.windows { list-style: none; margin: 0; padding: 0 } .windows li { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0 var(--space-4); align-items: center } .live { fill: var(--accent) } svg.now { display: block; fill: var(--quiet); font-size: .8125rem } td.wide { min-width: 14rem; width: 34% } tbody th[scope=row] { min-width: 14rem } thead th, td.narrow { min-width: 0 } td.narrow { white-space: nowrap } td svg.line { margin: var(--space-2) 0 var(--space-1) }
.filter { display: flex; flex-wrap: wrap; gap: var(--space-2); align-items: end } .filter input, .filter select, .filter button { min-height: 2.6rem } .filter button { padding-inline: var(--space-4) } .filter .fields { flex: 0 1 32rem; margin: 0 }
.states ul { display: flex; flex-wrap: wrap; gap: var(--space-2); list-style: none; padding: 0; margin: var(--space-3) 0 } .states a { display: block; padding: var(--space-1) var(--space-3); border: 1px solid var(--field); border-radius: var(--radius-chip); background: var(--surface); color: var(--text); text-decoration: none } .states a:hover { background: var(--sunken) } .states a[aria-current] { background: var(--accent); border-color: var(--accent); color: var(--accent-text); font-weight: 600 }
.timeline { list-style: none } .timeline > li { display: grid; grid-template-columns: minmax(6rem, max-content) minmax(0, 1fr); gap: var(--space-1) var(--space-4); padding: var(--space-3) 0; border-top: 1px solid var(--line) } .timeline > li:first-child { border-top: 0; padding-top: 0 } .timeline > li:last-child { padding-bottom: 0 } .timeline p, .timeline details { margin: 0 0 var(--space-1) }
.before-after { margin: var(--space-2) 0; border-bottom: 1px solid var(--line) } .before-after th, .before-after td { padding: var(--space-1) var(--space-3) } .before-after th[scope=row] { font-weight: 400; color: var(--quiet); width: 25% } .before-after thead th { background: none }
.problem::first-letter { text-transform: uppercase } .parts ul { display: flex; flex-wrap: wrap; gap: var(--space-1) var(--space-4); list-style: none; padding: 0 }

@media (min-width: 40.01rem) { .starts li { display: grid; grid-template-columns: 12rem max-content max-content; } .starts li.named { grid-template-columns: 12rem 10rem max-content max-content } .windows li { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) } }
@media (min-width: 62.5rem) and (max-width: 70rem) { .views a { padding-inline: .4rem } }
@media (max-width: 62.49rem) {
  .views { order: 3; width: 100% } .views ul { flex-wrap: wrap; margin-inline: calc(-1 * var(--space-3)) } .views a { padding-block: var(--space-2) }
}
@media (max-width: 40rem) {
  .environments { margin-left: 0; width: 100% } .brand { padding-bottom: var(--space-2) } .views { padding-top: var(--space-2) } .views ul { gap: 0 } .views a { padding-inline: .4rem; font-size: .9rem } .views ul { margin-inline: -.4rem }
  .environments ul { position: static }
  td.wide { width: 100% } .cards dl { grid-template-columns: max-content minmax(0, 1fr) } .timeline > li { grid-template-columns: 1fr } .before-after tr { padding-inline: 0 } .before-after th[scope=row], .before-after td { padding: 0; width: 100% }
}
`;
