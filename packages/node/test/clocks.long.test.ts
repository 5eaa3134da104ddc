import "./clocks.test.js";
