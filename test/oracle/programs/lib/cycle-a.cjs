'use strict';
exports.first = { name: 'a', partner: null };
const { second, join } = require('./cycle-b.cjs');
exports.first.partner = second;
exports.describe = (node) => join(node, second);
