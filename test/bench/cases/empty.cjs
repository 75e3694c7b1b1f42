'use strict';
const { report } = require('./report.cjs');
report(() => ({}));
