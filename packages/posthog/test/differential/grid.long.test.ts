// All pairs of the grid.
import "./grid.test.js";
