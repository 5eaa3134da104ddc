import "./pacing.test.js";
