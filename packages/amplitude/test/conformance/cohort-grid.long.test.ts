// All replacements.
import "./cohort-grid.test.js";
