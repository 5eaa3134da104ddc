// All pairs of the grid.
import "./explain-grid.test.js";
