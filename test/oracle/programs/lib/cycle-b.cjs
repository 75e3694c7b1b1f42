'use strict';
const { first } = require('./cycle-a.cjs');
exports.second = { name: 'b', partner: first };
exports.join = (...nodes) => nodes.map(({ name, partner }) => `${name}->${partner.name}`).join(' ');
