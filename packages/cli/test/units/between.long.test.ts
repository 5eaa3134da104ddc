import "./between.test.js";
