// All values and flags.
import "./explain-grid.test.js";
