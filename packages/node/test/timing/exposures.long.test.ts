import "./exposures.test.js";
