import "./for-subject.test.js";
