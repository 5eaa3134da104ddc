// All ways in which Redis responds while it is closed.
import "./dedupe.test.js";
